# ruff: noqa: ARG002 - the parameters are those of `Model`
"""A read model of one region, and owners that do not answer: for tests of pages without a process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from services.portal.model.views.duty import BoardOrder, BoardRow, DutyView
from services.portal.model.views.freshness import Freshness
from services.portal.model.views.innovation import InnovationQuery, InnovationView
from services.portal.model.views.listed import Listed
from services.portal.model.views.region import AgencyView, RegionView
from services.portal.model.views.summary import DutyCounts, QueueState, RegionSummary
from services.portal.owners.client import NoTokens, Owners
from shared.clock import Clock
from shared.contracts.region import Deadline
from shared.contracts.vocabulary import AgencyKind, InnovationStatus, ObligationStatus, Zone

CODE = "61.12"
NOW = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
AGENCY = AgencyView("a1", CODE, "Dinas Sosial", AgencyKind.DINAS, False, None, 2026, None, None, 1)  # noqa: FBT003
DUTY = DutyView(
    agency="a1",
    region=CODE,
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


def innovation(**fields: Any) -> InnovationView:  # noqa: ANN401 - of any field
    """A submitted innovation."""
    empty = dict.fromkeys(InnovationView.__dataclass_fields__)
    known = {
        "id": "i1",
        "region": CODE,
        "agency": "a1",
        "agency_name": "Dinas Sosial",
        "year": 2026,
        "status": InnovationStatus.SUBMITTED,
        "name": "Adu KPM",
        "main_affair": "",
        "related_affairs": (),
        "asta_cita": (),
        "submitted_at": datetime(2026, 11, 20, 3, 0, tzinfo=UTC),
        "status_since": datetime(2026, 11, 20, 3, 0, tzinfo=UTC),
        "turn": 1,
        "imported": False,
        "withdrawal_asked": False,
        "sequence": 7,
    }
    return InnovationView(**{**empty, **known, **fields})


class RegionModel:
    """Answers as `Model`, of what it is given. lines: agencies on the board."""

    def __init__(self, waiting: Sequence[InnovationView] = (), lines: int = 1) -> None:
        self.waiting = list(waiting)
        self.lines = lines

    def freshness(self) -> Freshness:
        return Freshness(building=True, as_of=None)

    async def region(self, code: str) -> RegionView:
        deadline = Deadline(year=2026, revision=1, date=date(2026, 12, 3), set_at=NOW)
        return RegionView(code, "Kabupaten Kubu Raya", Zone.WIB_PONTIANAK, "2026.1", (), (deadline,), 1)

    async def agency(self, id: str) -> AgencyView | None:
        return AGENCY if id == AGENCY.id else None

    async def agencies(self, region: str, after: str | None = None, limit: int = 1_000) -> Listed[AgencyView]:
        return Listed([AGENCY])

    async def innovation(self, id: str) -> InnovationView | None:
        return next((each for each in self.waiting if each.id == id), None)

    async def innovations(self, query: InnovationQuery, after: str | None = None, limit: int = 1) -> Listed[Any]:
        return Listed([] if query.withdrawal_asked else self.waiting)

    async def queue(self, region: str, after: str | None = None, limit: int = 25) -> Listed[InnovationView]:
        return Listed(self.waiting, "next" if self.waiting and after is None else None)

    async def queue_state(self, region: str) -> QueueState:
        return QueueState(len(self.waiting), self.waiting[0].submitted_at if self.waiting else None)

    async def duties(self, agency: str) -> list[DutyView]:
        return [DUTY]

    async def board(
        self, region: str, years: Sequence[int], after: str | None, limit: int, order: BoardOrder
    ) -> Listed[BoardRow]:
        row = BoardRow("a1", "Dinas Sosial", AgencyKind.DINAS, False, CODE, years[0], {}, {2026: DUTY})  # noqa: FBT003
        return Listed([replace(row, agency=f"a{at}", agency_name=f"Dinas {at}") for at in range(self.lines)])

    async def summary(self, region: str, year: int) -> RegionSummary:
        counts = DutyCounts({ObligationStatus.OPEN: 3, ObligationStatus.OVERDUE: 2}, late=0, waiting=1)
        return RegionSummary(region, year, agencies=5, duties=counts)


class StandingClock(Clock):
    """Business time does not run."""

    def now(self) -> datetime:
        return NOW


def no_owners() -> Owners:
    """Nobody answers at these addresses."""
    nowhere = "http://127.0.0.1:9"
    return Owners(NoTokens(), {"registry": nowhere, "scoring": nowhere, "notifications": nowhere})
