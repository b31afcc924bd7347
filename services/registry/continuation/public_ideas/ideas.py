"""Takes in public ideas, and what curators and fostering agencies do with them."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from services.registry.continuation.continuation import Continuation
from services.registry.continuation.continuing import Continuing
from services.registry.continuation.origin import InnovationOrigin
from services.registry.continuation.public_ideas import idea as ideas
from services.registry.continuation.public_ideas.idea import Idea, NewIdea
from services.registry.continuation.public_ideas.quota import IdeaQuota
from services.registry.innovation import drafting
from services.registry.innovation import year as duty_year
from services.registry.innovation.innovation import Innovation, Placement, event_of
from services.registry.innovation.profile import Profile
from shared.auth.policy import Principal, Role
from shared.contracts.continuation import OriginKind
from shared.contracts.idea import IdeaStatus
from shared.contracts.vocabulary import Classification, Initiator, InnovationStatus
from shared.faults import Flaw, Forbidden, Invalid
from shared.ports.store import OneOf
from shared.storage.models import replaced
from shared.storage.repository import Repository, Versioned, VersionedPage
from shared.storage.stored import Fingerprint

_DRAFTS = UUID("0c1f4f3e-1a0c-5a54-9f2b-6d7a54f0c6b1")  # of the ids of drafts that came of ideas; never changes
_NEWEST_FIRST = (("received_at", -1),)


class Ideas:
    """The public ideas of one store."""

    def __init__(self, continuing: Continuing, ideas: Repository[Idea], quota: IdeaQuota) -> None:
        self._continuing = continuing
        self._ideas = ideas
        self._quota = quota

    async def receive(
        self, region: str, new: NewIdea, id: str, body: Fingerprint, address: str | None
    ) -> Versioned[Idea]:
        """Take in an idea of anybody. A repeat gets the first answer. Raises NotFound for an unknown region, Invalid
        for personal data, QuotaSpent, KeyReused."""
        found = await self._ideas.repeated(id, body)
        if found is not None:
            return found
        origin = self._continuing.access.origin()
        local = (await self._continuing.region(region)).local(origin.time)
        idea, owed = ideas.receive(id, region, new, fingerprint=body.sent, origin=origin)
        rules = await self._continuing.rules_of(region)
        await self._quota.take(region, local, rules.ideas_per_day, address)
        return await self._ideas.create(id, idea, owed, fingerprint=body)

    async def find(self, id: str) -> Versioned[Idea]:
        """An idea. Raises NotFound."""
        return await self._ideas.get(id)

    async def page(
        self, who: Principal, region: str, status: IdeaStatus | None, *, limit: int, after: str | None
    ) -> VersionedPage[Idea]:
        """The region's ideas, for an agency those that it fosters; the newest first. Raises Forbidden, Invalid."""
        who.require_region(region)
        where: dict[str, Any] = {"status": status.value} if status else {}
        if who.role is Role.AGENCY:
            own = sorted(who.agencies)
            if not own:
                return VersionedPage([], None)
            where["agency"] = own[0] if len(own) == 1 else OneOf(own)
        where["region"] = region
        return await self._ideas.list(where, limit=limit, after=after, sort=_NEWEST_FIRST)

    async def hand_over(self, who: Principal, id: str, agency: str, expected: int) -> Versioned[Idea]:
        """To a fostering agency of the region. Raises NotFound, Forbidden, Stale, Conflict, Invalid."""
        idea = await self._of_curator(who, id, expected)
        origin = self._continuing.access.origin()
        found, region = await self._continuing.access.active_agency(agency, origin.time)
        if region.code != idea.region:
            raise Invalid([Flaw("agency", "other-region", "perangkat daerah ini bukan bagian dari daerah ini")])
        given_up = await self._given_up(idea)
        return await self._ideas.amend(
            id, expected, lambda it: ideas.hand_over(ideas.reopened(it, given_up), found.id, who.id, origin)
        )

    async def close(self, who: Principal, id: str, reason: str, expected: int) -> Versioned[Idea]:
        """Close with a reason. Raises NotFound, Forbidden, Stale, Conflict."""
        given_up = await self._given_up(await self._of_curator(who, id, expected))
        origin = self._continuing.access.origin()
        return await self._ideas.amend(
            id, expected, lambda it: ideas.close(ideas.reopened(it, given_up), reason, who.id, origin)
        )

    async def take_up(self, who: Principal, id: str) -> tuple[Versioned[Idea], Versioned[Innovation]]:
        """Make a draft of it, of the fostering agency. A repeat gives the same draft. Raises NotFound, Forbidden,
        Conflict."""
        idea = (await self._ideas.get(id)).value
        who.require_agency(idea.region, idea.agency)
        if idea.innovation is None:
            idea.require(IdeaStatus.HANDED_OVER)
        innovation = await self._taken_up(who, idea)
        origin = self._continuing.access.origin()
        taken = await self._ideas.amend(id, None, lambda it: ideas.take_up(it, innovation.id, who.id, origin))
        return taken, innovation

    async def _taken_up(self, who: Principal, idea: Idea) -> Versioned[Innovation]:
        """The draft of it, made now or before. One that another agency had begun when it crashed is that agency's."""
        innovations = self._continuing.access.innovations
        if idea.innovation is not None:
            return await innovations.get(idea.innovation)
        name = f"{idea.id}/{idea.fruitless}" if idea.fruitless else idea.id
        for each in (name, f"{name}/{idea.agency}"):
            draft_id = str(uuid5(_DRAFTS, each))
            found = await innovations.find(draft_id)
            if found is None or found.value.agency == idea.agency:
                break
        return found or await self._draft(who, idea, draft_id)

    async def _draft(self, who: Principal, idea: Idea, id: str) -> Versioned[Innovation]:
        source = self._continuing.access.origin()
        agency, region = await self._continuing.access.active_agency(idea.agency, source.time)
        profile = Profile(
            name=idea.title,
            initiator=Initiator.MASYARAKAT,
            classification=Classification.MASYARAKAT,
            purpose=idea.text,
        )
        placement = Placement(agency=agency.id, year=duty_year.local_year(region, source.time))
        begun, _ = drafting.begin(
            id, region.code, placement, profile, fingerprint=idea.created_by_body, by=who.id, origin=source
        )
        origin = InnovationOrigin(kind=OriginKind.COMMUNITY, fostering_agency=agency.id, idea=idea.id)
        draft = replaced(begun, continuation=Continuation(origin=origin))
        return await self._continuing.access.innovations.create(id, draft, event_of(draft, source))

    async def _given_up(self, idea: Idea) -> str | None:
        """The id of what came of it, if that is withdrawn or deleted."""
        found = await self._continuing.access.innovations.find(idea.innovation) if idea.innovation else None
        withdrawn = found is not None and found.value.status is InnovationStatus.WITHDRAWN
        return idea.innovation if withdrawn else None

    async def _of_curator(self, who: Principal, id: str, expected: int) -> Idea:
        idea = await self._ideas.get(id)
        if not who.may_see_region(idea.value.region):
            raise Forbidden("Akun ini tidak berwenang atas gagasan ini.")
        idea.require(expected)
        return idea.value
