"""Copies of the registry's regions and agencies: of each the newest public fields, with their sequence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from services.scoring.kinds import KNOWN_AGENCY, KNOWN_REGION
from services.scoring.scorecard.document import RegionUsed
from shared.clock import Clock
from shared.contracts.agency import AgencyRegistered
from shared.contracts.region import REGION_REGISTERED, RegionRegistered
from shared.contracts.vocabulary import AgencyKind, Zone
from shared.ports.store import Store
from shared.storage.copies import Copies, Copy, CopyKind

REGIONS = CopyKind(
    KNOWN_REGION,
    RegionRegistered,
    value="region",
    sequence="region_sequence",
    version=REGION_REGISTERED.version,
    lifts=REGION_REGISTERED.lifts,
)
AGENCIES = CopyKind(
    KNOWN_AGENCY, AgencyRegistered, value="agency", sequence="agency_sequence", index_fields=("region",)
)


@dataclass(frozen=True)
class RegionSummary:
    """A region's name and time zone. name: None while the region is not known."""

    name: str | None
    zone: str


@dataclass(frozen=True)
class AgencySummary:
    """A known agency's name and kind."""

    name: str
    kind: AgencyKind


def region_used(copy: Copy[RegionRegistered] | None) -> RegionUsed | None:
    """What a scorecard uses of a region; None when the region is not known."""
    return None if copy is None else RegionUsed(sequence=copy.sequence, catalogue=copy.value.catalogue)


async def region_of(store: Store, code: str) -> RegionSummary:
    """A region; Western Indonesian Time while it is not known."""
    copy = await Copies(store, REGIONS).get(code)
    return (
        RegionSummary(None, Zone.WIB.value) if copy is None else RegionSummary(copy.value.name, copy.value.zone.value)
    )


async def today_in(store: Store, region: str, clock: Clock) -> date:
    """The local day in a region."""
    return clock.now().astimezone(ZoneInfo((await region_of(store, region)).zone)).date()


async def agency_of(store: Store, id: str) -> AgencySummary | None:
    """An agency; None while it is not known."""
    copy = await Copies(store, AGENCIES).get(id)
    return None if copy is None else AgencySummary(copy.value.name, copy.value.kind)


async def agencies_of(store: Store, region: str | None) -> dict[str, AgencySummary]:
    """Known agencies by id: of the region, or all. A slim scan: the nation has tens of thousands."""
    where = {} if region is None else {"region": region}
    return {
        row.id: AgencySummary(row["agency.name"], AgencyKind(row["agency.kind"]))
        async for row in store.scan(KNOWN_AGENCY.name, where, ["agency.name", "agency.kind"])
    }
