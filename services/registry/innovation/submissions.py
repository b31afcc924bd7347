"""Submits innovations: reads what the decision needs, and decides with the moment of each run."""

from __future__ import annotations

from services.registry.agencies.agency import Agency
from services.registry.innovation.access import InnovationAccess
from services.registry.innovation.drafting import require_open
from services.registry.innovation.innovation import Innovation
from services.registry.innovation.submission import blocking, submit
from services.registry.innovation.year import CountMissing
from services.registry.regions.counts import DutyCounts
from services.registry.regions.region import Region
from shared.auth.policy import Principal
from shared.faults import Flaw
from shared.storage.repository import Versioned


class Submissions:
    """Submits innovations, for the first time or again.

    How many innovations an agency has for a past year is read before the decision, not within it. So two drafts of one
    agency that are submitted for the same past year at the same instant may both be accepted although one was missing:
    both then count as late, the duty is met once, and the curator may move the other one to another year.
    """

    def __init__(self, access: InnovationAccess, counts: DutyCounts) -> None:
        self._access = access
        self._counts = counts

    async def submit(self, who: Principal, read: Versioned[Innovation]) -> Versioned[Innovation]:
        """Submit the version that `read_for_change` returned to the caller. Raises what `InnovationAccess.change_read`
        and `submit` raise."""
        innovation = read.value
        region = (await self._access.regions.get(innovation.region)).value
        agency = (await self._access.agencies.get(innovation.agency)).value

        async def attempt(counted: int | None) -> Versioned[Innovation]:
            # The clock is read in each run: a run that lost the compare-and-set must not keep its moment, or a
            # submission could be stored with a moment before the deadline long after the deadline was judged.
            return await self._access.change_read(
                read, lambda it: submit(it, region, agency, who.id, self._access.origin(), counted=counted)
            )

        try:
            return await attempt(None)
        except CountMissing:
            return await attempt(await self._counted(innovation, region, agency))

    async def blocking(self, read: Versioned[Innovation]) -> list[Flaw]:
        """Everything that would block a submission of this version now; nothing is written. Raises Conflict when its
        status does not allow one."""
        innovation = read.value
        require_open(innovation)
        region = (await self._access.regions.get(innovation.region)).value
        agency = (await self._access.agencies.get(innovation.agency)).value
        try:
            return blocking(innovation, region, agency, self._access.origin())
        except CountMissing:
            counted = await self._counted(innovation, region, agency)
            return blocking(innovation, region, agency, self._access.origin(), counted)

    async def _counted(self, innovation: Innovation, region: Region, agency: Agency) -> int:
        policy = region.policy(innovation.year)
        most = policy.minimum_of(agency.kind) if policy else 1
        return await self._counts.of_agency(agency.id, innovation.year, most)
