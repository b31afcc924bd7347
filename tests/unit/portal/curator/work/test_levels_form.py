"""The what-if of one innovation's levels: what is read, asked and found."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.portal.curator.work.index.levels_form import MOST_READ, LevelsForm, found_by
from services.portal.curator.work.index.what_if_levels import flaw_fields
from services.portal.curator.work.owner_answers.scorecard import EvidenceAsked, ScoredRow
from services.portal.model.views.innovation import InnovationQuery, InnovationView
from services.portal.model.views.listed import Listed
from tests.unit.portal.curator.work.region import CODE, innovation


def row(number: str, level: int, verified: int) -> ScoredRow:
    return ScoredRow(
        row=number,
        name=f"Baris {number}",
        weight=Decimal(2),
        mandatory=False,
        level=level,
        points=Decimal(level * 2),
        why="",
        verified=True,
        verified_level=verified,
        why_verified="",
        evidence=EvidenceAsked(),
    )


ROWS = (row("16", 1, 0), row("17", 2, 2))


def test_levels_that_differ_from_the_present_ones_of_that_figure_are_asked_about() -> None:
    fields = {"level-16": "3", "level-17": "2"}

    claimed = LevelsForm.sent(fields, 2026, ROWS)
    verified = LevelsForm.sent(fields | {"hitungan": "verified", "level-16": "0"}, 2026, ROWS)

    assert claimed.question(CODE, "i1") == {
        "region": CODE,
        "year": 2026,
        "figure": "claimed",
        "levels": {"i1": {"16": 3}},
    }
    assert (dict(verified.levels), verified.figure) == ({}, "verified")
    assert [(each.level, each.imagined) for each in claimed.rows(ROWS)] == [(1, 3), (2, None)]
    assert [each.level for each in verified.rows(ROWS)] == [0, 2]


@pytest.mark.parametrize(
    ("field", "text"), [("level-16", "4"), ("level-16", "dua"), ("level-99", "1"), ("level-", "1")]
)
def test_what_is_no_level_or_no_row_is_wrong_at_its_field(field: str, text: str) -> None:
    form = LevelsForm.sent({field: text, "level-17": "3"}, 2026, ROWS)

    assert (form.wrong, dict(form.levels)) == ((field.removeprefix("level-"),), {"17": 3})


def test_a_blank_level_stays() -> None:
    form = LevelsForm.sent({"level-16": "", "hitungan": "lain"}, 2026, ROWS)

    assert (form.wrong, dict(form.levels), form.figure) == ((), {}, "claimed")


def test_what_scoring_refuses_is_said_at_the_row_or_above_the_form() -> None:
    paths = ("levels.i1.16", "levels.i1.16.level", "levels.i1", "year")
    flaws = [{"field": path, "code": "x", "message": "y"} for path in paths]

    assert flaw_fields(flaws, "i1") == {
        "levels.i1.16": "level-16",
        "levels.i1.16.level": "level-16",
        "levels.i1": "",
        "year": "tahun",
    }


class Many:
    """Innovations of a region, in pages."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.read = 0

    async def innovations(
        self, query: InnovationQuery, after: str | None = None, limit: int = 25
    ) -> Listed[InnovationView]:
        assert query.region == CODE
        begin = int(after or 0)
        some = self.names[begin : begin + limit]
        self.read += len(some)
        end = begin + limit
        return Listed([innovation(name=each) for each in some], str(end) if end < len(self.names) else None)


async def test_a_search_finds_all_words_in_any_case_and_order() -> None:
    found, more = await found_by(Many("Adu KPM", "Layanan Adu Warga", "Spirit"), CODE, "warga ADU", 25)

    assert ([each.name for each in found], more) == (["Layanan Adu Warga"], False)


async def test_a_search_says_that_there_is_more_and_reads_so_many_at_most() -> None:
    full = await found_by(Many(*["Adu"] * 60), CODE, "", 25)
    rare = Many(*["Adu"] * (MOST_READ + 500))
    none, more = await found_by(rare, CODE, "tidak ada", 25)

    assert (len(full[0]), full[1]) == (25, True)
    assert (none, more, rare.read) == ([], True, MOST_READ)
