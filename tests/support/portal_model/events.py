"""Events of Kubu Raya, the region of the tests; the sequence is the last argument of each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from shared.contracts.agency import AGENCY_REGISTERED, AGENCY_RETIRED, AgencyRegistered, AgencyRetired
from shared.contracts.contract import AnyContract, Origin, Payload, draft
from shared.contracts.event import Event
from shared.contracts.innovation import (
    INNOVATION_DRAFTED,
    INNOVATION_RETURNED,
    INNOVATION_SUBMITTED,
    INNOVATION_VERIFIED,
    INNOVATION_WITHDRAWN,
    Assignment,
)
from shared.contracts.message import ALERT_FAILED, ALERT_SENT, Alert, Reason
from shared.contracts.obligation import (
    OBLIGATION_EXEMPTED,
    OBLIGATION_FULFILLED,
    OBLIGATION_OPENED,
    OBLIGATION_OVERDUE,
)
from shared.contracts.region import REGION_REGISTERED, Deadline, PolicyRevision, RegionRegistered
from shared.contracts.region_index import REGION_INDEXED, IndexFigure, RegionIndexed
from shared.contracts.scorecard import INNOVATION_SCORED, InnovationScored, ScoredRow
from shared.contracts.vocabulary import AgencyKind, InnovationStatus, ObligationStatus, ReasonKind, Zone

REGION = "61.12"
YEAR = 2026
DAY = datetime(2026, 5, 4, 3, tzinfo=UTC)
_ORIGIN = Origin(DAY)

_INNOVATIONS: dict[InnovationStatus, AnyContract] = {
    InnovationStatus.DRAFT: INNOVATION_DRAFTED,
    InnovationStatus.SUBMITTED: INNOVATION_SUBMITTED,
    InnovationStatus.RETURNED: INNOVATION_RETURNED,
    InnovationStatus.VERIFIED: INNOVATION_VERIFIED,
    InnovationStatus.WITHDRAWN: INNOVATION_WITHDRAWN,
}
_DUTIES: dict[ObligationStatus, AnyContract] = {
    ObligationStatus.OPEN: OBLIGATION_OPENED,
    ObligationStatus.FULFILLED: OBLIGATION_FULFILLED,
    ObligationStatus.OVERDUE: OBLIGATION_OVERDUE,
    ObligationStatus.EXEMPTED: OBLIGATION_EXEMPTED,
}


def event(contract: AnyContract, id: str, payload: Payload, sequence: int, region: str = REGION) -> Event:
    """The event of a document of that id."""
    return draft(contract, payload, region, _ORIGIN).stamp(contract.subject, id, sequence)


def region(sequence: int, *, code: str = REGION, name: str = "Kabupaten Kubu Raya") -> Event:
    """A region with a deadline for YEAR and the year before."""
    policy = PolicyRevision(revision=1, from_year=2000, obliged_kinds=tuple(AgencyKind))
    deadlines = tuple(Deadline(year=year, revision=1, date=date(year, 11, 30), set_at=DAY) for year in (YEAR - 1, YEAR))
    payload = RegionRegistered(
        code=code,
        name=name,
        zone=Zone.WIB_PONTIANAK,
        catalogue="2026.1",
        policies=(policy,),
        deadlines=deadlines,
    )
    return event(REGION_REGISTERED, code, payload, sequence, code)


def agency(id: str, name: str, sequence: int, *, kind: AgencyKind = AgencyKind.DINAS, region: str = REGION) -> Event:
    """An agency."""
    payload = AgencyRegistered(id=id, region=region, name=name, kind=kind)
    return event(AGENCY_REGISTERED, id, payload, sequence, region)


def retired(id: str, name: str, sequence: int) -> Event:
    """An agency that was closed."""
    payload = AgencyRetired(id=id, region=REGION, name=name, kind=AgencyKind.DINAS, retired=True, retired_on=DAY.date())
    return event(AGENCY_RETIRED, id, payload, sequence)


def innovation(
    id: str,
    status: InnovationStatus,
    sequence: int,
    *,
    agency: str = "dinkes",
    year: int = YEAR,
    name: str = "Gestur",
    days: int = 0,
    former: tuple[tuple[str, int], ...] = (),
    region: str = REGION,
    **more: Any,  # noqa: ANN401 - of the payload
) -> Event:
    """An innovation. days: after DAY, of its first submission; former: earlier assignments."""
    contract = _INNOVATIONS[status]
    places = [Assignment(agency=agency, year=year, present=True)]
    places += [Assignment(agency=other, year=then, present=False) for other, then in former]
    base: dict[str, Any] = {
        "id": id,
        "region": region,
        "agency": agency,
        "year": year,
        "assignments": tuple(places),
        "status": status,
    }
    if status is not InnovationStatus.DRAFT:
        at = DAY + timedelta(days=days)
        base |= {
            "name": name,
            "stage": "penerapan",
            "initiator": "opd",
            "classification": "perangkat_daerah",
            "nature": "digital",
            "form": "pelayanan_publik",
            "main_affair": "kesehatan",
            "first_submitted_at": at,
            "submitted_at": at,
            "status_since": at + timedelta(hours=1),
            "verified_at": at + timedelta(hours=2) if status is InnovationStatus.VERIFIED else None,
        }
    return event(contract, id, contract.payload.model_validate(base | more), sequence, region)


def card(
    innovation: str,
    claimed: float,
    verified: float,
    sequence: int,
    *,
    of: int = 1,
    agency: str = "dinkes",
    year: int = YEAR,
    status: InnovationStatus = InnovationStatus.SUBMITTED,
    region: str = REGION,
) -> Event:
    """A scorecard with one row that has all points. of: the innovation's sequence."""
    row = ScoredRow(
        row="16", level=1, points=Decimal(str(claimed)), verified_level=1, verified_points=Decimal(str(verified))
    )
    payload = InnovationScored(
        innovation=innovation,
        innovation_sequence=of,
        region=region,
        agency=agency,
        year=year,
        status=status,
        catalogue="2026.1",
        digest="0" * 64,
        claimed=Decimal(str(claimed)),
        verified=Decimal(str(verified)),
        most=Decimal(111),
        rows=(row,),
        missing_mandatory=("17",),
    )
    return event(INNOVATION_SCORED, innovation, payload, sequence, region)


def duty(
    agency: str,
    status: ObligationStatus,
    sequence: int,
    *,
    year: int = YEAR,
    region: str = REGION,
    **more: Any,  # noqa: ANN401 - of the payload
) -> Event:
    """An agency's duty."""
    contract = _DUTIES[status]
    base: dict[str, Any] = {
        "agency": agency,
        "region": region,
        "year": year,
        "status": status,
        "minimum": 1,
        "deadline": date(year, 11, 30),
        "deadline_revision": 1,
    }
    return event(contract, f"{agency}/{year}", contract.payload.model_validate(base | more), sequence, region)


def index(verified: float, sequence: int, *, year: int = YEAR, region: str = REGION) -> Event:
    """A region's index."""
    points = {name: Decimal(1) for name in ("maturity", "spd", "sid", "count_points")}
    figure = IndexFigure(innovations=3, basic_service=1, index=Decimal(str(verified)), **points)
    payload = RegionIndexed(
        region=region,
        year=year,
        claimed=figure,
        verified=figure,
        predicate="kurang_inovatif",
        to_next_predicate=Decimal("3.5"),
    )
    return event(REGION_INDEXED, f"{region}/{year}", payload, sequence, region)


def message(person: str, number: int, agencies: tuple[str, ...], sequence: int, *, sent: bool = True) -> Event:
    """A message about duties of these agencies."""
    contract = ALERT_SENT if sent else ALERT_FAILED
    reasons = [
        Reason(kind=ReasonKind.DUTY, what="before-30", region=REGION, agency=each, year=YEAR) for each in agencies
    ]
    payload = contract.payload(
        person=person,
        number=number,
        region=REGION,
        alerts=tuple(Alert(id=f"{person}-{number}-{place}", reason=each) for place, each in enumerate(reasons)),
        channel="email",
        attempts=1,
        settled_at=DAY + timedelta(days=number),
    )
    return event(contract, f"{person}/{number}", payload, sequence)
