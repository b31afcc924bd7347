"""Public ideas: how far each is, for the curators of its region and for the agency that fosters it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.notifications.kinds import KNOWN_IDEA
from services.notifications.questions.dated import DatedRepository
from services.notifications.questions.told import Dated, Told
from shared.contracts.idea import IdeaChanged, IdeaStatus
from shared.contracts.message import Reason
from shared.contracts.vocabulary import ReasonKind
from shared.ports.store import Store
from shared.storage.copies import CopyKind

HANDED_OVER = "idea-handed-over"
_TOLD_FOR = timedelta(days=30)  # (ours)


class PublicIdea(Dated):
    """One idea. agency: that fosters it, empty: none; since: of the last decision; times: how often it was handed to an
    agency."""

    idea: str
    status: IdeaStatus
    received_at: datetime
    since: datetime
    times: int = 0

    @classmethod
    def of(cls, changed: IdeaChanged) -> PublicIdea:
        """What an event says."""
        return cls(
            idea=changed.id,
            region=changed.region,
            agency=changed.agency or "",
            status=changed.status,
            received_at=changed.received_at,
            since=changed.since,
            times=changed.handed_over,
        )

    @property
    def told(self) -> Iterator[Told]:
        """That the agency is to foster it, while it has not taken it up."""
        if self.status is IdeaStatus.HANDED_OVER:
            on = self.since.date()
            yield Told(HANDED_OVER, self.times, on, on + _TOLD_FOR, on, self.since)

    def reason(self, told: Told) -> Reason:
        """For its agency."""
        return Reason(
            kind=ReasonKind.IDEA,
            what=told.what,
            region=self.region,
            agency=self.agency,
            year=told.on.year,
            idea=self.idea,
            times=told.number,
        )


IDEAS = CopyKind(
    KNOWN_IDEA, PublicIdea, value="public_idea", sequence="heard", index_fields=("region", "agency", "status")
)


class IdeaRepository(DatedRepository[PublicIdea]):
    """Stores and finds them. All methods raise StoreAway."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, IDEAS)

    def id_of(self, value: PublicIdea) -> str:
        """Its own."""
        return value.idea

    async def keep(self, changed: IdeaChanged, sequence: int) -> None:
        """Keep what an event says, if it is newer."""
        idea = PublicIdea.of(changed)
        await self.keep_dated(idea.idea, idea, sequence)

    async def of_status(self, region: str, status: IdeaStatus) -> list[PublicIdea]:
        """Those of a region that are so far."""
        where = {"region": region, "status": status.value}
        return [each.value async for each in self._copies.scan(where)]
