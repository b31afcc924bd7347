"""The read model of a region with many agencies, written straight into the store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from uuid import NAMESPACE_OID, uuid5

from services.portal.model.kinds import BOARD, KNOWN_AGENCY, KNOWN_REGION
from services.portal.model.states.agency import with_agency
from services.portal.model.states.board import board_id, with_count, with_duty
from services.portal.model.states.region import with_region
from services.portal.model.states.tally import no_tally
from services.portal.model.upkeep.mark import Marks
from shared.contracts.agency import AgencyRegistered
from shared.contracts.obligation import ObligationState
from shared.contracts.region import Deadline, PolicyRevision, RegionRegistered
from shared.contracts.vocabulary import AgencyKind, ObligationStatus, Zone
from shared.ports.store import ID, Kind, State, Store
from tests.support.portal_model.events import DAY, REGION, YEAR

AGENCIES = 1_000
_KINDS = list(AgencyKind)
_STATUSES = [ObligationStatus.OPEN, ObligationStatus.FULFILLED, ObligationStatus.OVERDUE]
_PLACES = ("Sungai Raya", "Rasau Jaya", "Teluk Pakedai", "Batu Ampar", "Kubu", "Terentang", "Sungai Kakap")


def agency_id(number: int) -> str:
    """Of an agency, from 0."""
    return str(uuid5(NAMESPACE_OID, f"agency {number}"))


def agency_name(number: int) -> str:
    """Each of its own, as long as such names are."""
    return f"{_KINDS[number % len(_KINDS)].value.title()} {_PLACES[number % len(_PLACES)]} Nomor {number} (contoh)"


async def crowd(store: Store, agencies: int = AGENCIES) -> None:
    """Fill it with the region, its agencies and their duties of three years, and mark it as complete."""
    years = (YEAR, YEAR - 1, YEAR - 2)
    deadlines = tuple(Deadline(year=year, revision=1, date=date(year, 11, 30), set_at=DAY) for year in years)
    region = RegionRegistered(
        code=REGION,
        name="Kabupaten Kubu Raya",
        zone=Zone.WIB_PONTIANAK,
        catalogue="2026.1",
        policies=(PolicyRevision(revision=1, from_year=2000, obliged_kinds=tuple(AgencyKind)),),
        deadlines=deadlines,
    )
    await _load(store, KNOWN_REGION, [(REGION, partial(with_region, region=region, sequence=1))])
    await _load(store, KNOWN_AGENCY, (_agency(number) for number in range(agencies)))
    await _load(store, BOARD, (_duty(number, year) for number in range(agencies) for year in years))
    await Marks(store).fill()


def _agency(number: int) -> tuple[str, Callable[[State | None], State | None]]:
    id, kind = agency_id(number), _KINDS[number % len(_KINDS)]
    agency = AgencyRegistered(id=id, region=REGION, name=agency_name(number), kind=kind)
    return id, partial(with_agency, agency=agency, sequence=1)


def _duty(number: int, year: int) -> tuple[str, Callable[[State | None], State | None]]:
    status = _STATUSES[(number + year) % len(_STATUSES)]
    duty = ObligationState(
        agency=agency_id(number),
        region=REGION,
        year=year,
        status=status,
        minimum=1,
        deadline=date(year, 11, 30),
        deadline_revision=1,
        on_time=True if status is ObligationStatus.FULFILLED else None,
    )

    def step(state: State | None) -> State | None:
        counted = with_duty(state, duty, 1)
        assert counted is not None
        kind = _KINDS[number % len(_KINDS)].value
        return with_count(counted, no_tally(), agency_name(number), kind, retired=False)

    return board_id(agency_id(number), year), step


async def _load(store: Store, kind: Kind, steps: Iterable[tuple[str, Callable[[State | None], State | None]]]) -> None:
    stored = []
    for id, step in steps:
        state = json.loads(json.dumps(step(None)))
        nothing: State = {"outbox": [], "last_event": None, "outbox_since": None}
        stored.append({ID: id, "schema": kind.schema, "sequence": 1, "state": state, **nothing})
    await store.load(kind.name, stored)
