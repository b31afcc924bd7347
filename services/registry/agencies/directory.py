"""Registers, revises, retires and reinstates agencies after checking what they name."""

from __future__ import annotations

from datetime import date

from services.registry.agencies import agency as agencies
from services.registry.agencies.agency import Agency, AgencyTerms, NewAgency, Retirement
from services.registry.agencies.names import AgencyNames
from services.registry.regions.region import Region
from shared.clock import Clock
from shared.contracts.names import folded
from shared.faults import Flaw, Invalid
from shared.observability.tracing import origin
from shared.storage.repository import Repository, Versioned
from shared.storage.stored import Fingerprint

_DEEPEST = 10  # agencies, each part of the next one: a bound for what two curators could set at once


class AgencyDirectory:
    """The only way by which routes and imports change agencies. by: the id of the account, in all methods. All methods
    raise StoreAway."""

    def __init__(
        self, agencies: Repository[Agency], regions: Repository[Region], names: AgencyNames, clock: Clock
    ) -> None:
        self._agencies = agencies
        self._regions = regions
        self._names = names
        self._clock = clock

    async def register(self, id: str, new: NewAgency, fingerprint: Fingerprint, by: str) -> Versioned[Agency]:
        """Register an agency under this id; a repeat gives the first one. Raises Invalid, AlreadyExists, KeyReused."""
        found = await self._agencies.repeated(id, fingerprint)
        if found is not None:
            return found
        region = await self._regions.find(new.region)
        if region is None:
            raise Invalid([Flaw("region", "unknown", "daerah ini belum terdaftar")])
        source = origin(self._clock)
        today = region.value.today(source.time)
        await self._require_parent(id, new.region, new.parent, today)
        made, event = agencies.register(id, new, fingerprint.sent, by, source, year=today.year)
        async with self._names.held(region.value, new.name, id, today):
            return await self._agencies.create(id, made, event, fingerprint=fingerprint)

    async def revise(self, read: Versioned[Agency], terms: AgencyTerms, by: str) -> Versioned[Agency]:
        """Change the terms that are given, of the version that the caller has read. Raises Invalid, AlreadyExists,
        Stale."""
        agency, source = read.value, origin(self._clock)
        region = (await self._regions.get(agency.region)).value
        today = region.today(source.time)
        if "parent" in terms.model_fields_set and terms.parent != agency.parent:
            await self._require_parent(agency.id, agency.region, terms.parent, today)
        if agency.is_retired(today) or folded(terms.name) == folded(agency.name):
            return await self._amend(read, lambda it: agencies.revise(it, terms, by, source))
        async with self._names.held(region, terms.name, agency.id, today):
            return await self._amend(read, lambda it: agencies.revise(it, terms, by, source))

    async def retire(self, read: Versioned[Agency], retirement: Retirement, by: str) -> Versioned[Agency]:
        """Retire the version that the caller has read. Raises Invalid, AlreadyExists when the day is moved so that the
        agency exists again, Stale."""
        agency, source = read.value, origin(self._clock)
        await self._require_successor(agency, retirement)
        region = (await self._regions.get(agency.region)).value
        today = region.today(source.time)
        if retirement.retired_on <= today or not agency.is_retired(today):
            return await self._amend(read, lambda it: agencies.retire(it, retirement, by, source))
        async with self._names.held(region, agency.name, agency.id, today):
            return await self._amend(read, lambda it: agencies.retire(it, retirement, by, source))

    async def reinstate(self, read: Versioned[Agency], by: str) -> Versioned[Agency]:
        """Undo the retirement of the version that the caller has read. Raises Conflict, AlreadyExists when another
        agency has the name by now, Stale."""
        agency, source = read.value, origin(self._clock)
        region = (await self._regions.get(agency.region)).value
        today = region.today(source.time)
        if not agency.is_retired(today):
            return await self._amend(read, lambda it: agencies.reinstate(it, by, source))
        async with self._names.held(region, agency.name, agency.id, today):
            return await self._amend(read, lambda it: agencies.reinstate(it, by, source))

    async def _amend(self, read: Versioned[Agency], decide: agencies.Decide) -> Versioned[Agency]:
        return await self._agencies.amend(read.id, read.sequence, decide, known=read)

    async def _require_parent(self, id: str, region: str, parent: str | None, today: date) -> None:
        """Raise Invalid unless the agency can be part of that one, which must not be part of it."""
        above, seen = parent, 0
        while above is not None:
            found = await self._agencies.find(above)
            if above == parent and (found is None or found.value.region != region):
                why = "perangkat daerah ini tidak terdaftar pada daerah yang sama"
                raise Invalid([Flaw("parent", "unknown", why)])
            if above == parent and found is not None and found.value.is_retired(today):
                raise Invalid([Flaw("parent", "retired", "perangkat daerah ini sudah tidak ada")])
            if above == id:
                why = "perangkat daerah tidak dapat menjadi bagian dari dirinya sendiri atau dari bagiannya"
                raise Invalid([Flaw("parent", "circular", why)])
            seen += 1
            if seen > _DEEPEST:
                raise Invalid([Flaw("parent", "too-deep", f"paling dalam {_DEEPEST} tingkat")])
            above = found.value.parent if found else None

    async def _require_successor(self, agency: Agency, retirement: Retirement) -> None:
        """Raise Invalid unless the successor can continue the agency's work."""
        successor = retirement.successor or agency.successor
        if successor is None or ("successor" in retirement.model_fields_set and retirement.successor is None):
            return
        if successor == agency.id:
            raise Invalid([Flaw("successor", "same", "tidak dapat diteruskan oleh perangkat daerah itu sendiri")])
        found = await self._agencies.find(successor)
        if found is None or found.value.region != agency.region:
            raise Invalid([Flaw("successor", "unknown", "perangkat daerah ini tidak terdaftar pada daerah yang sama")])
        if found.value.is_retired(retirement.retired_on):
            raise Invalid([Flaw("successor", "retired", "perangkat daerah ini sudah tidak ada pada hari itu")])
