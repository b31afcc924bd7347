"""Names the mentors of agencies. The names stay in the registry."""

from __future__ import annotations

from services.registry.agencies.agency import Agency
from services.registry.continuation.mentor import Mentor, MentorEntry, name_mentor
from services.registry.innovation.access import InnovationAccess
from shared.auth.policy import Principal
from shared.faults import Stale
from shared.storage.repository import Repository, Versioned
from shared.storage.steps import without_event


class Mentors:
    """The mentors of one store."""

    def __init__(self, access: InnovationAccess, mentors: Repository[Mentor]) -> None:
        self._access = access
        self._mentors = mentors

    async def read(self, who: Principal, agency: str) -> tuple[Agency, Versioned[Mentor] | None]:
        """The agency and its mentor, for itself and its region. Raises NotFound, Forbidden."""
        found = (await self._access.agencies.get(agency)).value
        who.require_agency(found.region, agency)
        return found, await self._mentors.find(agency)

    async def name(self, who: Principal, agency: str, entry: MentorEntry, expected: int) -> Versioned[Mentor]:
        """Name the mentor, or none. expected: the version that the caller has read, 0: there was none. Raises NotFound,
        Forbidden, Stale."""
        found, _ = await self.read(who, agency)
        now = self._access.origin().time

        def name(before: Mentor | None) -> Mentor | None:
            if expected == 0 and before is not None:
                raise Stale("Sudah diubah pihak lain sejak Anda membacanya; muat ulang, lalu ulangi.")
            return name_mentor(before, found.region, entry, who.id, now)

        return await self._mentors.change(agency, without_event(name), expected=expected or None)
