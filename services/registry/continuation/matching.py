"""Finds what came of promises: innovations of the same agency and year that have the promised name."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from services.registry.continuation.commitment import Change, Commitment, commitment_id, take_up_named
from services.registry.innovation.access import InnovationAccess
from shared.auth.policy import Principal
from shared.contracts.commitment import PromiseOutcome
from shared.contracts.fields import Year
from shared.contracts.names import folded
from shared.contracts.vocabulary import InnovationStatus
from shared.storage.repository import Repository

_PAGE = 200


class PromisedYear(BaseModel):
    """The body of a request: of which year the promises are matched."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    year: Year


class MatchedPromises(BaseModel):
    """taken_up: promises for which an innovation was found now; open: those that are left and not given up."""

    model_config = ConfigDict(frozen=True)

    year: int
    taken_up: int
    open: int


class PromiseMatching:
    """Matches the commitments of one store."""

    def __init__(self, access: InnovationAccess, commitments: Repository[Commitment]) -> None:
        self._access = access
        self._commitments = commitments

    async def match(self, who: Principal, region: str, year: int) -> MatchedPromises:
        """Note for each open promise of that year the innovation that has its name. A repeat changes nothing more.
        Raises Forbidden, NotFound."""
        who.require_region(region)
        await self._access.regions.get(region)
        taken = left = 0
        after: str | None = None
        while True:
            page = await self._commitments.list({"region": region, "year": year}, limit=_PAGE, after=after)
            for each in page.items:
                before = _open(each.value)
                now = _open(await self._matched(who, each.value)) if before else 0
                taken, left = taken + before - now, left + now
            after = page.after
            if after is None:
                return MatchedPromises(year=year, taken_up=taken, open=left)

    async def _matched(self, who: Principal, commitment: Commitment) -> Commitment:
        named = await self._named(commitment.agency, commitment.year)
        origin = self._access.origin()

        def take_up(before: Commitment) -> Change:
            return take_up_named(before, named, by=who.id, origin=origin)

        id = commitment_id(commitment.agency, commitment.year)
        return (await self._commitments.amend(id, None, take_up)).value

    async def _named(self, agency: str, year: int) -> dict[str, str]:
        """Folded name → id of the agency's innovations of that year; of several the one that is furthest, then the
        first by id."""
        found: dict[str, tuple[bool, bool, str]] = {}
        after: str | None = None
        while True:
            page = await self._access.innovations.list({"agency": agency, "year": year}, limit=_PAGE, after=after)
            for each in (versioned.value for versioned in page.items):
                if each.profile.name and each.status is not InnovationStatus.WITHDRAWN:
                    verified = each.status is InnovationStatus.VERIFIED
                    rank = (not verified, each.status is InnovationStatus.DRAFT, each.id)
                    name = folded(each.profile.name)
                    found[name] = min(found.get(name, rank), rank)
            after = page.after
            if after is None:
                return {name: rank[-1] for name, rank in found.items()}


def _open(commitment: Commitment) -> int:
    if commitment.revoked:
        return 0
    return sum(each.outcome is PromiseOutcome.OPEN for each in commitment.promises)
