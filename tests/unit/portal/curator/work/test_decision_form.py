from __future__ import annotations

import pytest

from services.portal.curator.work.verification.checked_row import CheckedRow, rows_of
from services.portal.curator.work.verification.decision_form import (
    MOST_REMARK,
    Decision,
    DecisionForm,
    Wrong,
    as_known,
)
from tests.unit.portal.curator.work.test_checked_row import CATALOGUE, INNOVATION, SCORECARD

ROWS: tuple[CheckedRow, ...] = rows_of(INNOVATION, SCORECARD, CATALOGUE)


def test_levels_and_remarks_are_read_by_row() -> None:
    form = DecisionForm.of(
        {"level-16": "2", "level-33": "0", "catatan-16": " ", "catatan-profile": "Hasil belum jelas. "}, ROWS
    )
    assert form.levels == {"16": 2, "33": 0}
    assert form.remarks == {"profile": "Hasil belum jelas."}


@pytest.mark.parametrize("level", ["4", "-1", "dua", "", "2 "])
def test_what_is_no_level_is_none(level: str) -> None:
    assert DecisionForm.of({"level-16": level}, ROWS).levels == {}


def test_a_row_that_was_not_filled_in_takes_a_remark_but_no_level() -> None:
    form = DecisionForm.of({"level-30": "3", "catatan-30": "Isi indikator ini."}, ROWS)
    assert form.levels == {}
    assert form.remarks == {"30": "Isi indikator ini."}


def test_verifying_wants_a_level_for_each_row_that_was_filled_in() -> None:
    form = DecisionForm.of({"level-16": "2"}, ROWS)
    assert form.wrong(Decision.VERIFY, ROWS) == {"level-33": Wrong.UNCHECKED}
    partly = DecisionForm.of({"level-16": "2", "sebagian": "ya"}, ROWS)
    assert partly.wrong(Decision.VERIFY, ROWS) == {}
    assert partly.body(Decision.VERIFY) == {"rows": {"16": 2}}


def test_returning_wants_a_remark() -> None:
    assert DecisionForm({}, {}).wrong(Decision.RETURN, ROWS) == {"catatan-profile": Wrong.NO_REMARK}
    form = DecisionForm.of({"level-16": "2", "catatan-33": "Sebutkan sumbernya."}, ROWS)
    assert form.wrong(Decision.RETURN, ROWS) == {}
    assert form.body(Decision.RETURN) == {"rows": {"16": 2}, "comments": {"33": "Sebutkan sumbernya."}}


def test_a_remark_that_the_registry_would_refuse_is_told_beside_its_field() -> None:
    form = DecisionForm({}, {"16": "x" * (MOST_REMARK + 1)})
    assert form.wrong(Decision.RETURN, ROWS) == {"catatan-16": Wrong.TOO_LONG}


def test_the_form_opens_with_the_levels_that_were_given_before_and_chooses_nothing() -> None:
    assert as_known(ROWS).levels == {"33": 2}
