"""Checks what an origin names: the fostering agency, the public idea, the replicated innovation."""

from __future__ import annotations

from services.registry.agencies.agency import Agency
from services.registry.continuation.origin import InnovationOrigin, Replicated
from services.registry.continuation.public_ideas.idea import Idea
from services.registry.innovation.innovation import Innovation
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Flaw, Invalid
from shared.storage.repository import Repository


class Origins:
    """Reads what is named."""

    def __init__(
        self, agencies: Repository[Agency], innovations: Repository[Innovation], ideas: Repository[Idea]
    ) -> None:
        self._agencies = agencies
        self._innovations = innovations
        self._ideas = ideas

    async def require(self, innovation: Innovation, origin: InnovationOrigin) -> None:
        """Raise Invalid unless all of it exists: agency and idea in the innovation's region, another region's
        innovation as the public sees it."""
        flaws: list[Flaw] = []
        if origin.fostering_agency is not None:
            agency = await self._agencies.find(origin.fostering_agency)
            if agency is None or agency.value.region != innovation.region:
                why = "perangkat daerah ini tidak terdaftar pada daerah yang sama"
                flaws.append(Flaw("fostering_agency", "unknown", why))
        if origin.idea is not None:
            idea = await self._ideas.find(origin.idea)
            if idea is None or idea.value.region != innovation.region:
                flaws.append(Flaw("idea", "unknown", "gagasan ini tidak ada pada daerah yang sama"))
        if origin.replicated is not None:
            flaws += await self._wrong_in(origin.replicated, innovation.region)
        if flaws:
            raise Invalid(flaws)

    async def _wrong_in(self, replicated: Replicated, own: str) -> list[Flaw]:
        if replicated.region == own:
            return [Flaw("replicated.region", "own-region", "replikasi berasal dari daerah lain")]
        if replicated.innovation is None:
            return []
        found = await self._innovations.find(replicated.innovation)
        if found is None or found.value.status is not InnovationStatus.VERIFIED:
            why = "bukan inovasi terverifikasi yang terdaftar di sini"
            return [Flaw("replicated.innovation", "unknown", why)]
        if found.value.region == own or replicated.region not in {None, found.value.region}:
            why = "inovasi ini bukan dari daerah yang disebut, atau dari daerah sendiri"
            return [Flaw("replicated.innovation", "other-region", why)]
        return []
