"""Where innovations are fetched and changed for those who may: the one place that asks for access and version."""

from __future__ import annotations

from collections.abc import Callable

from services.registry.agency import Agency
from services.registry.innovation import Change, Innovation
from services.registry.region import Region
from services.registry.visibility import sees, sees_inside
from shared.auth.policy import Principal
from shared.clock import Clock
from shared.contracts.contract import Origin
from shared.faults import Flaw, Forbidden, Invalid
from shared.observability.tracing import origin
from shared.ports.files import Files
from shared.storage.repository import Repository, Versioned


class InnovationAccess:
    """The registry's shelves, its files and its clock."""

    def __init__(
        self,
        regions: Repository[Region],
        agencies: Repository[Agency],
        innovations: Repository[Innovation],
        files: Files,
        clock: Clock,
    ) -> None:
        self.regions = regions
        self.agencies = agencies
        self.innovations = innovations
        self.files = files
        self._clock = clock

    def here(self) -> Origin:
        """Where a change made now comes from."""
        return origin(self._clock)

    async def seen(self, who: Principal, id: str) -> Versioned[Innovation]:
        """The innovation. Raises NotFound when there is none that the asker may know of."""
        held = await self.innovations.get(id)
        if not sees(who, held.value):
            raise self.innovations.missing()
        return held

    async def inside(self, who: Principal, id: str) -> Versioned[Innovation]:
        """The innovation for one who may see all of it. Raises NotFound, Forbidden."""
        held = await self.seen(who, id)
        if not sees_inside(who, held.value):
            raise Forbidden("Akun ini tidak berwenang atas inovasi ini.")
        return held

    async def for_change(self, who: Principal, id: str, expected: int) -> Versioned[Innovation]:
        """The version that the caller saw, for one who speaks for its agency. Raises NotFound, Forbidden, Stale."""
        held = await self.inside(who, id)
        who.require_agency(held.value.region, held.value.agency)
        held.require(expected)
        return held

    async def change(
        self, who: Principal, id: str, expected: int, decide: Callable[[Innovation], Change]
    ) -> Versioned[Innovation]:
        """Look, then change that very version. Raises what `for_change` and `decide` raise."""
        await self.for_change(who, id, expected)
        return await self.innovations.amend(id, expected, decide)

    async def active_agency(self, id: str, moment: Origin) -> tuple[Agency, Region]:
        """An agency that can take on an innovation, with its region. Raises Invalid (field `agency`)."""
        held = await self.agencies.find(id)
        if held is None:
            raise Invalid([Flaw("agency", "unknown", "perangkat daerah ini tidak terdaftar")])
        region = (await self.regions.get(held.value.region)).value
        if held.value.is_gone(region.today(moment.time)):
            raise Invalid([Flaw("agency", "retired", "perangkat daerah ini sudah tidak ada")])
        return held.value, region
