"""Copies of the registry's regions and agencies: of each the newest public fields, with their sequence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from services.scoring.kinds import KNOWN_AGENCY, KNOWN_REGION
from services.scoring.scorecard.document import RegionUsed
from shared.clock import Clock, machine_seconds
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


_LATELY = 1.0  # seconds


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


class UsedRegions:
    """The copies of regions, for first scorings. One that was read lately is not read again: the event of a region that
    another process handles could as well have come so much later, and what waits for it reads it anew."""

    def __init__(self, store: Store) -> None:
        self._copies = Copies(store, REGIONS)
        self._read: dict[str, tuple[float, RegionUsed]] = {}
        self._keeping = 0  # copies that are being stored by this process
        self._stored = 0  # copies that were, so far

    async def keep(self, region: RegionRegistered, sequence: int) -> None:
        """Store the newer copy. No read that began before is remembered afterwards."""
        self._keeping += 1
        try:
            await self._copies.keep(region.code, region, sequence)
        finally:  # also if it is not known whether it was stored
            self._keeping -= 1
            self._stored += 1
            self._read.pop(region.code, None)

    async def of(self, code: str) -> RegionUsed | None:
        """What is used of a region, at most _LATELY seconds old; None when it is not known."""
        began, stored = machine_seconds(), self._stored
        kept = self._read.get(code)
        if kept is not None and began - kept[0] < _LATELY:
            return kept[1]
        found = await self.now(code)
        if found is not None and not self._keeping and stored == self._stored:
            self._read[code] = began, found
        return found

    async def now(self, code: str) -> RegionUsed | None:
        """As `of`, as it is stored now."""
        return region_used(await self._copies.get(code))


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
