"""What is asked and told about innovations besides their status: the newest of each innovation, found by day."""

from __future__ import annotations

from services.notifications.kinds import KNOWN_QUESTION
from services.notifications.questions.asked import Questions, withdrawal_in
from services.notifications.questions.dated import DatedRepository
from shared.contracts.innovation import InnovationDrafted, InnovationState
from shared.ports.store import Store
from shared.storage.copies import Copy, CopyKind

KnownQuestions = Copy[Questions]

QUESTIONS = CopyKind(KNOWN_QUESTION, Questions, value="questions", sequence="heard", index_fields=("region", "agency"))


class QuestionRepository(DatedRepository[Questions]):
    """Stores and finds them. All methods raise StoreAway."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, QUESTIONS)

    def id_of(self, value: Questions) -> str:
        """The innovation's."""
        return value.innovation

    async def keep(self, innovation: InnovationState | InnovationDrafted, sequence: int) -> bool:
        """Keep what an event says, if it is newer. One of which nothing was ever recorded costs nothing. Returns
        whether the curators are asked something."""
        if innovation.continuation is None and withdrawal_in(innovation) is None:
            return False
        questions = Questions.of(innovation)
        asks = any(True for _ in questions.for_curators)
        await self.keep_dated(questions.innovation, questions, sequence, asks=int(asks))
        return asks

    async def asking(self, region: str) -> list[KnownQuestions]:
        """Those of a region about which its curators are asked."""
        return [each async for each in self._copies.scan({"region": region, "asks": 1})]
