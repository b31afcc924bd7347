from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from services.scoring.index.spd import Proof, SpdRow, score_spd, unknown_rows
from services.scoring.index.spd_document import LONGEST_HISTORY, Spd, enter, spd_id
from shared.ports.store import State
from tests.support.scoring_examples import KUBU_RAYA, catalogue

ROWS = catalogue().region
WEIGHTS = {row.number: row.weight for row in ROWS}
LETTER = Proof(number="050/12/Bapperida", dated=date(2026, 2, 3), subject="Laporan")
AT = datetime(2026, 3, 1, tzinfo=UTC)


def proved(**said: Any) -> SpdRow:  # noqa: ANN401 - any field
    return SpdRow(**{"evidence": (LETTER,), **said})


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("row", WEIGHTS)
def test_every_level_of_every_row_brings_weight_times_level(row: str, level: int) -> None:
    score = score_spd(ROWS, {row: proved(level=level)})

    assert score.points == level * WEIGHTS[row]
    assert [each.level for each in score.rows if each.row == row] == [level]


def test_all_rows_at_the_top_give_63() -> None:
    score = score_spd(ROWS, {row: proved(level=3) for row in WEIGHTS})

    assert (score.points, score.most, score.missing_mandatory) == (63, 63, ())


def test_nothing_entered_is_nothing_and_misses_all_mandatory_rows() -> None:
    score = score_spd(ROWS, {})

    assert score.points == 0
    assert score.missing_mandatory == ("1", "3", "4", "5a", "5b", "6", "7", "8", "9", "10a", "10b", "11a", "11b")


@pytest.mark.parametrize(
    ("row", "value", "points"),
    [
        ("4", "5.23", "3"),
        ("4", "5.225", "3"),
        ("4", "5.22", "2"),
        ("5b", "2.35", "2.25"),
        ("6", "-47.43", "3"),
        ("2b", "1", "0"),
    ],
)
def test_a_value_decides_the_level_and_an_edge_of_two_goes_up(row: str, value: str, points: str) -> None:
    assert score_spd(ROWS, {row: proved(value=Decimal(value))}).points == Decimal(points)


def test_a_row_without_evidence_counts_nothing_and_says_so() -> None:
    score = score_spd(ROWS, {"8": SpdRow(level=3)})

    row = next(each for each in score.rows if each.row == "8")
    assert (score.points, row.level) == (0, 0)
    assert "Belum ada data pendukung" in row.why


def test_a_claimed_level_that_the_value_contradicts_is_a_fault_that_is_shown() -> None:
    score = score_spd(ROWS, {"11b": proved(level=3, value=Decimal("72.1"))})

    assert (score.points, [fault.code for fault in score.faults]) == (Decimal("1.5"), ["level-differs"])


def test_numbers_that_are_no_row_are_named() -> None:
    assert unknown_rows(ROWS, {"2": proved(level=1), "16": proved(level=1), "2a": proved(level=1)}) == ["16", "2"]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"number": "12"},
        {"dated": "2026-01-01"},
        {"link": "ftp://x"},
        {"link": "javascript:alert(1)"},
        {"number": " ", "dated": "2026-01-01"},
    ],
)
def test_a_proof_is_a_link_or_a_number_with_its_date(said: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Proof.model_validate(said)


def entered(state: State | None, by: str = "bapperida", **rows: SpdRow) -> State | None:
    decision = enter(state, region=KUBU_RAYA, catalogue=catalogue(), rows=rows, by=by, at=AT)
    return None if decision is None else decision[0]


def test_an_entry_keeps_its_catalogue_its_points_and_who_made_it() -> None:
    state = entered(None, **{"8": proved(level=3)})

    assert state is not None
    spd = Spd.model_validate(state)
    assert (spd_id(KUBU_RAYA, 2026), spd.catalogue, spd.digest) == ("61.12/2026", "2026.1", catalogue().digest)
    assert spd.score.points == Decimal("4.5")
    assert [(change.by, change.points) for change in spd.history] == [("bapperida", Decimal("4.5"))]


def test_the_same_entry_again_changes_nothing_and_another_is_a_line_of_history() -> None:
    first = entered(None, **{"8": proved(level=3)})

    assert entered(first, by="sekretaris", **{"8": proved(level=3)}) is None
    second = entered(first, by="sekretaris", **{"8": proved(level=2)})
    assert second is not None
    assert [change["by"] for change in second["history"]] == ["bapperida", "sekretaris"]


def test_the_history_has_an_end() -> None:
    state = None
    for number in range(LONGEST_HISTORY + 5):
        state = entered(state, by=f"akun-{number}", **{"8": proved(level=1 + number % 2)})

    assert state is not None
    assert len(state["history"]) == LONGEST_HISTORY
    assert state["history"][-1]["by"] == f"akun-{LONGEST_HISTORY + 4}"
