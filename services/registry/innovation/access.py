"""Loads and changes innovations after checking access and version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from services.registry.agencies.agency import Agency
from services.registry.files.uploads import Charge
from services.registry.innovation.innovation import Change, Innovation
from services.registry.innovation.visibility import sees, sees_inside
from services.registry.regions.region import Region
from shared.auth.policy import Principal, Role
from shared.clock import Clock
from shared.contracts.contract import Origin
from shared.faults import Flaw, Forbidden, Invalid
from shared.observability.tracing import origin
from shared.ports.files import Files
from shared.storage.repository import Repository, Versioned


class InnovationAccess:
    """The registry's repositories, files and clock, with the access rules of innovations."""

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

    def origin(self) -> Origin:
        """The origin of a change that is made now."""
        return origin(self._clock)

    async def read(self, who: Principal, id: str) -> Versioned[Innovation]:
        """Load an innovation that the caller may know of. Raises NotFound."""
        innovation = await self.innovations.get(id)
        if innovation.value.deleted or not sees(who, innovation.value):
            raise self.innovations.missing()
        return innovation

    async def read_inside(self, who: Principal, id: str) -> Versioned[Innovation]:
        """Load an innovation that the caller may see as a whole. Raises NotFound, Forbidden."""
        innovation = await self.read(who, id)
        if not sees_inside(who, innovation.value):
            raise Forbidden("Akun ini tidak berwenang atas inovasi ini.")
        return innovation

    async def read_for_change(self, who: Principal, id: str, expected: int) -> Versioned[Innovation]:
        """Load an innovation that the caller may change, at the version that the caller has read. Raises NotFound,
        Forbidden, Stale."""
        innovation = await self.read_inside(who, id)
        who.require_agency(innovation.value.region, innovation.value.agency)
        innovation.require(expected)
        return innovation

    async def change(
        self, who: Principal, id: str, expected: int, decide: Callable[[Innovation], Change]
    ) -> Versioned[Innovation]:
        """Check access, then change the version that the caller has read. Raises what `read_for_change` and `decide`
        raise."""
        return await self.change_read(await self.read_for_change(who, id, expected), decide)

    async def change_read(
        self, read: Versioned[Innovation], decide: Callable[[Innovation], Change]
    ) -> Versioned[Innovation]:
        """Change exactly the version that `read_for_change` returned, which has checked access to it. Raises Stale when
        it is no longer the stored one, and what `decide` raises."""
        return await self.innovations.amend(read.id, read.sequence, decide, known=read)

    async def active_agency(self, id: str, moment: datetime) -> tuple[Agency, Region]:
        """An agency that is not retired at that moment, with its region. Raises Invalid (field `agency`)."""
        agency = await self.agencies.find(id)
        if agency is None:
            raise Invalid([Flaw("agency", "unknown", "perangkat daerah ini tidak terdaftar")])
        region = (await self.regions.get(agency.value.region)).value
        if agency.value.is_retired(region.today(moment)):
            raise Invalid([Flaw("agency", "retired", "perangkat daerah ini sudah tidak ada")])
        return agency.value, region

    async def charge(self, who: Principal, innovation: Innovation) -> Charge | None:
        """Whose daily quota an upload of this account counts against; None for accounts without one."""
        if who.role is not Role.AGENCY:
            return None
        return Charge(innovation.agency, (await self.regions.get(innovation.region)).value)
