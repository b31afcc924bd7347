"""Copies of the registry's regions and agencies, the newest of each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from services.notifications.kinds import KNOWN_AGENCY, KNOWN_DEADLINE, KNOWN_REGION, KNOWN_SCORE
from shared.contracts.agency import AgencyRegistered
from shared.contracts.contract import Exact, Payload
from shared.contracts.deadline import DeadlinePassed
from shared.contracts.region import REGION_REGISTERED, RegionRegistered
from shared.ports.store import ID, Decide, Decision, OneOf, State, Store
from shared.storage.copies import Copies, Copy, CopyKind


class ScoredBrief(Payload):
    """The fields of `innovation.scored` that are used here: its rows are most of it."""

    innovation: str
    innovation_sequence: int
    region: str
    agency: str
    year: int
    claimed: Exact
    verified: Exact
    most: Exact
    missing_mandatory: tuple[str, ...]


class FormerScore(BaseModel):
    """What releases before 0.2 kept of a scorecard. agency, year: where the innovation was when it was scored, None:
    stored before that was kept; claimed, verified: points of `most`; missing_mandatory: how many mandatory rows are
    empty, None: stored before that was kept."""

    model_config = ConfigDict(frozen=True)

    innovation: str
    innovation_sequence: int
    agency: str | None = None
    year: int | None = None
    claimed: Exact
    verified: Exact
    most: Exact
    missing_mandatory: int | None = None

    def is_of(self, agency: str, year: int) -> bool:
        """Whether it was made while the innovation was there."""
        return self.agency in (None, agency) and self.year in (None, year)


@dataclass(frozen=True)
class Submitted:
    """What an agency had submitted when a deadline passed. sequence, revision: of that event; innovations: ids."""

    sequence: int
    revision: int
    innovations: tuple[str, ...]


KnownRegion = Copy[RegionRegistered]
KnownAgency = Copy[AgencyRegistered]
KnownDeadline = Copy[DeadlinePassed]

REGIONS = CopyKind(
    KNOWN_REGION,
    RegionRegistered,
    value="region",
    sequence="heard",
    version=REGION_REGISTERED.version,
    lifts=REGION_REGISTERED.lifts,
)
AGENCIES = CopyKind(KNOWN_AGENCY, AgencyRegistered, value="agency", sequence="heard", index_fields=("region",))
DEADLINES = CopyKind(KNOWN_DEADLINE, DeadlinePassed, value="passed", sequence="heard")
SCORES = CopyKind(KNOWN_SCORE, FormerScore, value="score", sequence="heard")

BEHIND = "behind"
"""The mark of a region, or of a passed deadline, whose newest version has not reached all obligations."""

_AT_ONCE = 200  # ids of one query


class KnownFacts:
    """Stores and loads the copies."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._regions = Copies(store, REGIONS)
        self._agencies = Copies(store, AGENCIES)
        self._deadlines = Copies(store, DEADLINES)
        self._scores = Copies(store, SCORES)
        self._has_scores: bool | None = None  # None: not looked yet

    async def keep_region(self, region: RegionRegistered, sequence: int) -> KnownRegion:
        """Store the region if it is newer, with the mark that its obligations are behind; returns the newest."""
        return await self._regions.keep(region.code, region, sequence, **{BEHIND: 1})

    async def regions_behind(self) -> list[str]:
        """The codes of the regions with that mark, in their order."""
        return [row.id async for row in self._store.scan(KNOWN_REGION.name, {BEHIND: 1}, ())]

    async def is_behind(self, region: str) -> bool:
        """Whether the region has that mark."""
        return bool([row async for row in self._store.scan(KNOWN_REGION.name, {ID: region, BEHIND: 1}, ())])

    async def region_sequence(self, code: str) -> int | None:
        """The sequence of `region`, without decoding it."""
        rows = self._store.scan(KNOWN_REGION.name, {ID: code}, (REGIONS.sequence,))
        return next(iter([row[REGIONS.sequence] async for row in rows]), None)

    async def caught_up(self, known: KnownRegion | KnownDeadline) -> None:
        """Remove the mark, unless what is known has changed since."""
        match known.value:
            case RegionRegistered(code=code):
                await self._store.change(KNOWN_REGION.name, code, _unmarked(REGIONS.sequence, known.sequence))
            case DeadlinePassed(region=region, year=year):
                decide = _unmarked(DEADLINES.sequence, known.sequence)
                await self._store.change(KNOWN_DEADLINE.name, f"{region}/{year}", decide)

    async def keep_agency(self, agency: AgencyRegistered, sequence: int) -> KnownAgency:
        """Store the agency if it is newer; returns the newest. A retirement is the agency's last state."""
        return await self._agencies.keep(agency.id, agency, sequence)

    async def keep_deadline(self, passed: DeadlinePassed, sequence: int) -> Copy[DeadlinePassed]:
        """Store what a passed deadline found if it is newer, with the mark that obligations are behind; returns the
        newest."""
        return await self._deadlines.keep(f"{passed.region}/{passed.year}", passed, sequence, **{BEHIND: 1})

    async def deadlines_behind(self) -> list[KnownDeadline]:
        """What was found, of which obligations may not have heard."""
        ids = [row.id async for row in self._store.scan(KNOWN_DEADLINE.name, {BEHIND: 1}, ())]
        found = [await self._deadlines.get(id) for id in ids]
        return [each for each in found if each is not None]

    async def deadline(self, region: str, year: int) -> Copy[DeadlinePassed] | None:
        """What was found when the region's deadline of the year passed; None: it was not heard of."""
        return await self._deadlines.get(f"{region}/{year}")

    async def deadline_sequence(self, region: str, year: int) -> int | None:
        """The sequence of `deadline`, without decoding it."""
        where = {ID: f"{region}/{year}"}
        rows = self._store.scan(KNOWN_DEADLINE.name, where, (DEADLINES.sequence,))
        return next(iter([row[DEADLINES.sequence] async for row in rows]), None)

    async def submitted(self, region: str, year: int, agency: str) -> Submitted | None:
        """The part of `deadline` that concerns one agency, without decoding the whole region's; None: as there."""
        named = f"passed.submitted.{agency}"
        where = {ID: f"{region}/{year}"}
        async for row in self._store.scan(KNOWN_DEADLINE.name, where, (DEADLINES.sequence, "passed.revision", named)):
            return Submitted(row[DEADLINES.sequence], row["passed.revision"], tuple(row[named] or ()))
        return None

    async def score(self, innovation: str) -> Copy[FormerScore] | None:
        """What a release before 0.2 has kept of the innovation's scorecard; since then its entry keeps it. Nothing
        writes such a document any more, and a restore happens before the start: that there is none stays so."""
        if self._has_scores is None:
            self._has_scores = bool((await self._store.find(KNOWN_SCORE.name, {}, limit=1)).documents)
        return await self._scores.get(innovation) if self._has_scores else None

    async def region(self, code: str) -> KnownRegion | None:
        """The region; None: not known yet."""
        return await self._regions.get(code)

    async def agency(self, id: str) -> KnownAgency | None:
        """The agency; None: not known yet."""
        return await self._agencies.get(id)

    async def agencies_by_id(self, ids: Sequence[str]) -> dict[str, AgencyRegistered]:
        """Id → agency, of those that are known."""
        return {id: copy.value for id, copy in (await self._agencies.some(ids)).items()}

    def regions(self) -> AsyncIterator[KnownRegion]:
        """All known regions, in the order of their codes."""
        return self._regions.scan()

    def agencies(self, region: str) -> AsyncIterator[KnownAgency]:
        """All known agencies of a region, in the order of their ids."""
        return self._agencies.scan({"region": region})

    async def agency_sequences(self, region: str) -> AsyncIterator[dict[str, int]]:
        """Id → sequence, of all known agencies of a region, in parts of limited size."""
        part: dict[str, int] = {}
        async for row in self._store.scan(KNOWN_AGENCY.name, {"region": region}, (AGENCIES.sequence,)):
            part[row.id] = row[AGENCIES.sequence]
            if len(part) == _AT_ONCE:
                yield part
                part = {}
        if part:
            yield part

    async def places(self, ids: Collection[str]) -> dict[str, tuple[str, int]]:
        """Id → region and sequence, of those of the agencies that are known."""
        fields = ("region", AGENCIES.sequence)
        rows = self._store.scan(KNOWN_AGENCY.name, {ID: OneOf(sorted(ids))}, fields)
        return {row.id: (row["region"], row[AGENCIES.sequence]) async for row in rows}

    async def foreign(self, region: str, ids: Collection[str]) -> set[str]:
        """Those of the ids that are known as agencies of another region. An agency that is not known yet is none."""
        found: set[str] = set()
        waiting = sorted(ids)
        for start in range(0, len(waiting), _AT_ONCE):
            known = await self._agencies.some(waiting[start : start + _AT_ONCE])
            found |= {id for id, copy in known.items() if copy.value.region != region}
        return found

    async def names(self, ids: Sequence[str]) -> dict[str, str]:
        """Id → name, of the agencies that are known."""
        return {id: each.name for id, each in (await self.agencies_by_id(ids)).items()}


def _unmarked(field: str, sequence: int) -> Decide:
    def decide(state: State | None) -> Decision:
        if state is None or state[field] != sequence or not state.get(BEHIND):
            return None
        return {**state, BEHIND: 0}, None

    return decide
