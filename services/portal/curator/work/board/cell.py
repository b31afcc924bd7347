"""A cell of the compliance board: what one agency's duty of one year looks like on a local day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.portal.model.views.duty import BoardRow, DutyView
from shared.contracts.vocabulary import ObligationStatus


class CellState(StrEnum):
    """OVERDUE: the deadline has passed; WAITING: an innovation waits for verification, or the registry's proof; OPEN:
    there is time; LATE: fulfilled after the deadline; FULFILLED: in time; EXEMPT: nothing is owed; NONE: no duty."""

    OVERDUE = "overdue"
    WAITING = "waiting"
    OPEN = "open"
    LATE = "late"
    FULFILLED = "fulfilled"
    EXEMPT = "exempt"
    NONE = "none"


@dataclass(frozen=True)
class Cell:
    """days: to the deadline while the duty is open, or since it when it is overdue, never negative; short: how many
    innovations are still missing of the minimum, 0 when one is enough; decree: it is exempt by decree, not because the
    policy does not oblige it."""

    year: int
    state: CellState
    deadline: date | None = None
    days: int | None = None
    short: int = 0
    decree: bool = False

    @property
    def is_due(self) -> bool:
        """Whether somebody must act."""
        return self.state in {CellState.OVERDUE, CellState.WAITING, CellState.OPEN}


@dataclass(frozen=True)
class BoardLine:
    """An agency with its cells, the newest year first. drafts, submitted: innovations of the newest year that are on
    their way."""

    agency: str
    name: str
    retired: bool
    cells: tuple[Cell, ...]
    drafts: int
    submitted: int


def cell_of(year: int, duty: DutyView | None, today: date) -> Cell:
    """The cell of a duty. today: in the region."""
    if duty is None:
        return Cell(year, CellState.NONE)
    state = _state(duty)
    left = duty.days_left(today)
    if state is CellState.OVERDUE:
        return Cell(year, state, duty.deadline, max(0, -left), duty.missing if duty.minimum > 1 else 0)
    if state in {CellState.OPEN, CellState.WAITING}:
        return Cell(year, state, duty.deadline, max(0, left), duty.missing if duty.minimum > 1 else 0)
    return Cell(year, state, duty.deadline, decree=duty.ground == "decree")


def _state(duty: DutyView) -> CellState:
    if duty.status is ObligationStatus.OPEN:
        return CellState.WAITING if duty.waiting else CellState.OPEN
    if duty.status is ObligationStatus.FULFILLED:
        return CellState.LATE if duty.late else CellState.FULFILLED
    return {ObligationStatus.OVERDUE: CellState.OVERDUE, ObligationStatus.EXEMPTED: CellState.EXEMPT}[duty.status]


def line_of(row: BoardRow, years: tuple[int, ...], today: date) -> BoardLine:
    """A row of the board. years: its columns."""
    cells = tuple(cell_of(year, row.cells.get(year), today) for year in years)
    by_status = {status.value: count for status, count in row.innovations.items()}
    return BoardLine(
        agency=row.agency,
        name=row.agency_name,
        retired=row.retired,
        cells=cells,
        drafts=by_status.get("draft", 0),
        submitted=by_status.get("submitted", 0),
    )
