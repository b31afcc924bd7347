"""What the registry asks about innovations, and which of their rights end: the newest of each innovation, found by day.

`opens`: the first day on which one of its reasons is due, `look`: the next day on which a sweep must look at it; both
as proleptic day numbers, NEVER for none. An event sets both to the first day of all; a sweep moves them on.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from services.notifications.kinds import KNOWN_QUESTION
from services.notifications.questions.asked import Questions
from shared.contracts.innovation import InnovationDrafted, InnovationState
from shared.ports.store import OneOf, Range, State, Store
from shared.storage.copies import Copies, Copy, CopyKind
from shared.storage.steps import without_event

_AT_ONCE = 200

KnownQuestions = Copy[Questions]

QUESTIONS = CopyKind(KNOWN_QUESTION, Questions, value="questions", sequence="heard", index_fields=("region", "agency"))


@dataclass(frozen=True)
class LookedAtQuestions:
    """What was looked at, on a local day. seen: the version that was read."""

    seen: KnownQuestions
    day: date

    @property
    def agency(self) -> str:
        """Whose they are."""
        return self.seen.value.agency


class QuestionRepository:
    """Stores and finds them. All methods raise StoreAway."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._copies = Copies(store, QUESTIONS)

    async def keep(self, innovation: InnovationState | InnovationDrafted, sequence: int) -> None:
        """Keep what an event says, if it is newer. One of which nothing was ever recorded costs nothing."""
        if innovation.continuation is None:
            return
        questions = Questions.of(innovation, innovation.continuation)
        first = questions.opens()
        await self._copies.keep(questions.innovation, questions, sequence, opens=first, look=first)

    async def open_on(self, agencies: Collection[str], day: date) -> AsyncIterator[KnownQuestions]:
        """Those of the agencies of which something may be due on that day."""
        if agencies:
            where = {"agency": OneOf(sorted(agencies)), "opens": Range(most=day.toordinal())}
            async for each in self._copies.scan(where):
                yield each

    async def agencies_to_look_at(self, regions: Sequence[str], day: date) -> dict[str, set[str]]:
        """Region → agencies with something to look at by that day. One short query while there is none."""
        found: dict[str, set[str]] = {}
        if regions:
            where = {"region": regions[0] if len(regions) == 1 else OneOf(list(regions))}
            rows = self._store.scan(
                KNOWN_QUESTION.name, {**where, "look": Range(most=day.toordinal())}, ("region", "agency")
            )
            async for row in rows:
                found.setdefault(row["region"], set()).add(row["agency"])
        return found

    async def agencies_open_on(self, region: str, day: date) -> set[str]:
        """The agencies of a region of which something may be due on that day, or is to be looked at."""
        rows = self._store.scan(KNOWN_QUESTION.name, {"region": region}, ("agency", "opens", "look"))
        number = day.toordinal()
        return {row["agency"] async for row in rows if min(row["opens"], row["look"]) <= number}

    async def some(self, ids: Collection[str]) -> dict[str, Questions]:
        """Innovation → questions, of those that are known."""
        found: dict[str, Questions] = {}
        waiting = sorted(ids)
        for start in range(0, len(waiting), _AT_ONCE):
            known = await self._copies.some(waiting[start : start + _AT_ONCE])
            found |= {id: each.value for id, each in known.items()}
        return found

    async def looked(self, looked: LookedAtQuestions) -> None:
        """Note when to look again, unless something newer was heard since."""
        questions = looked.seen.value
        opens, look = questions.opens(looked.day), questions.look(looked.day)

        def move(state: State | None) -> State | None:
            if state is None or state[QUESTIONS.sequence] != looked.seen.sequence:
                return state
            return {**state, "opens": opens, "look": look}

        def step(state: State | None) -> State | None:
            after = move(state)
            return None if after == state else after

        await self._store.change(KNOWN_QUESTION.name, questions.innovation, without_event(step))
