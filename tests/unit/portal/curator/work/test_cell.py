from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.portal.curator.work.board.cell import Cell, CellState, cell_of, line_of
from services.portal.model.views.duty import BoardRow, DutyView
from shared.contracts.vocabulary import AgencyKind, InnovationStatus, ObligationStatus

TODAY = date(2026, 11, 30)
DUTY = DutyView(
    agency="a1",
    region="61.12",
    year=2026,
    status=ObligationStatus.OPEN,
    minimum=1,
    deadline=date(2026, 12, 3),
    hour=None,
    deadline_revision=1,
    counted=(),
    waiting=None,
    on_time=None,
    fulfilled_at=None,
    ground=None,
    sequence=1,
)


@pytest.mark.parametrize(
    ("change", "state", "days"),
    [
        ({}, CellState.OPEN, 3),
        ({"waiting": "verification"}, CellState.WAITING, 3),
        ({"deadline": TODAY}, CellState.OPEN, 0),
        ({"status": ObligationStatus.OVERDUE, "deadline": date(2026, 11, 20)}, CellState.OVERDUE, 10),
        ({"status": ObligationStatus.FULFILLED, "on_time": True}, CellState.FULFILLED, None),
        ({"status": ObligationStatus.FULFILLED, "on_time": False}, CellState.LATE, None),
        ({"status": ObligationStatus.EXEMPTED, "ground": "decree"}, CellState.EXEMPT, None),
    ],
)
def test_a_duty_is_one_cell(change: dict[str, object], state: CellState, days: int | None) -> None:
    cell = cell_of(2026, replace(DUTY, **change), TODAY)  # type: ignore[arg-type]
    assert (cell.state, cell.days) == (state, days)


def test_where_no_duty_is_known_the_cell_says_so() -> None:
    assert cell_of(2025, None, TODAY) == Cell(2025, CellState.NONE)


def test_a_line_has_a_cell_for_each_year_newest_first() -> None:
    former = replace(DUTY, year=2025, status=ObligationStatus.FULFILLED, on_time=True)
    row = BoardRow(
        agency="a1",
        agency_name="Dinas Sosial",
        kind=AgencyKind.DINAS,
        retired=False,
        region="61.12",
        year=2026,
        innovations={InnovationStatus.DRAFT: 2},
        cells={2026: DUTY, 2025: former},
    )
    line = line_of(row, (2026, 2025, 2024), TODAY)
    assert [each.state for each in line.cells] == [CellState.OPEN, CellState.FULFILLED, CellState.NONE]
    assert line.drafts == 2


def test_of_more_than_one_innovation_the_missing_ones_are_counted() -> None:
    assert cell_of(2026, replace(DUTY, minimum=3, counted=("i1",)), TODAY).short == 2
