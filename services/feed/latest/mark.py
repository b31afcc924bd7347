"""The mark: up to which place the feed may be read, and which places are still free.

One document. A *term* is a time in which one writer hands out places; it begins above every place that may ever have
been handed out before, whoever did, and whatever the clock says: `highest` is stored before a place up to it is used.
See docs/adr/0039-the-feed-s-places.md.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from services.feed.kinds import FEED_MARK, LATEST
from shared.clock import machine_ms
from shared.ports.store import Documents, Store
from shared.storage.repository import Repository

RESERVED = 60_000
"""Places that are reserved at once: a minute of them, at one event each millisecond."""

_ID = "mark"


class Mark(BaseModel):
    """generation: of the feed, 12 hex digits; term: counts up; begin: places up to it belong to former generations;
    mark: no place up to it is under way; highest: no place above it has been handed out; complete: whether the feed has
    every subject; dropped: how many events its queue is known to have dropped since it exists."""

    model_config = ConfigDict(frozen=True)

    generation: str
    term: int = 0
    begin: int = 0
    mark: int = 0
    highest: int = 0
    complete: bool = False
    dropped: int = 0


@dataclass
class Term:
    """A writer's term. first: its first place; last: the one that was handed out last; reserved: up to which it may
    hand out; begin, complete: of the mark."""

    generation: str
    number: int
    first: int
    last: int
    reserved: int
    begin: int
    complete: bool


class Marks:
    """The mark document of one store. Every method raises StoreAway.

    reached: the mark of this process's own writer, which is stored a little later than it is known here.
    """

    def __init__(self, store: Store, clock: Callable[[], int] = machine_ms) -> None:
        """clock: machine time in milliseconds."""
        self._documents: Documents = store
        self._marks = Repository(store, FEED_MARK, Mark, "Umpan ini belum dimulai.")
        self._clock = clock
        self._reached: tuple[str, int] | None = None

    async def load(self) -> Mark:
        """The mark as it is stored; a new one, of a new generation, when there is none."""
        return await self.stored() or await self._first()

    async def stored(self) -> Mark | None:
        """The mark as it is stored; None where no feed has ever run."""
        found = await self._marks.find(_ID)
        return None if found is None else found.value

    async def current(self) -> Mark:
        """The mark, as far as this process knows it."""
        mark = await self.load()
        if self._reached is not None and self._reached[0] == mark.generation and self._reached[1] > mark.mark:
            return mark.model_copy(update={"mark": self._reached[1]})
        return mark

    async def begin_term(self) -> Term:
        """Begin a term above everything that was handed out before."""
        await self.load()

        def begun(mark: Mark) -> Mark:
            first = max(self._clock(), mark.highest + 1, mark.mark + 1)
            return mark.model_copy(update={"term": mark.term + 1, "highest": first + RESERVED, "mark": first - 1})

        mark = await self._changed(begun)
        first = mark.mark + 1
        return Term(mark.generation, mark.term, first, mark.mark, mark.highest, mark.begin, mark.complete)

    async def reserve(self, term: Term, place: int) -> bool:
        """Let the term hand out places up to this one and some more; False when another term has begun."""

        def reserved(mark: Mark) -> Mark | None:
            return mark.model_copy(update={"highest": place + RESERVED}) if mark.term == term.number else None

        mark = await self._changed(reserved)
        if mark.term != term.number:
            return False
        term.reserved = mark.highest
        return True

    def reach(self, term: Term) -> None:
        """All places that the term has handed out are settled; known to this process only."""
        self._reached = (term.generation, term.last)

    async def store(self, term: Term, place: int) -> None:
        """Store that all places of the term up to this one are settled. A term that is over changes nothing."""

        def moved(mark: Mark) -> Mark | None:
            if mark.term != term.number or mark.mark >= place:
                return None
            return mark.model_copy(update={"mark": place})

        await self._changed(moved)

    async def lose(self, dropped: int | None = None) -> Mark:
        """Record that the feed may lack subjects. If it was complete, a term begins: what was placed before is placed
        anew when it comes again. dropped: see `Mark`."""
        await self.load()

        def lost(mark: Mark) -> Mark | None:
            counted = mark.dropped if dropped is None else max(mark.dropped, dropped)
            if not mark.complete and counted == mark.dropped:
                return None
            return mark.model_copy(update={"complete": False, "term": mark.term + 1, "dropped": counted})

        return await self._changed(lost)

    async def fill(self) -> Mark:
        """Record that the feed has every subject."""
        await self.load()
        return await self._changed(lambda mark: None if mark.complete else mark.model_copy(update={"complete": True}))

    async def rebuild(self) -> Mark:
        """Begin a new, empty generation. Events that are kept stay stored, and nobody reads them until they are placed
        anew."""
        await self.load()

        def rebuilt(mark: Mark) -> Mark:
            begin = max(self._clock(), mark.highest, mark.mark)
            places = {"begin": begin, "mark": begin, "highest": begin}
            new = {"generation": _generation(), "term": mark.term + 1, "complete": False}
            return mark.model_copy(update={**new, **places})

        return await self._changed(rebuilt)

    async def _first(self) -> Mark:
        """The first mark. Places that are stored nevertheless belong to a former generation."""
        page = await self._documents.find(LATEST.name, {}, sort=[("place", -1)], limit=1)
        begin = page.documents[0].state["place"] if page.documents else 0
        mark = Mark(generation=_generation(), begin=begin, mark=begin, highest=begin)
        return (await self._marks.create(_ID, mark)).value

    async def _changed(self, step: Callable[[Mark], Mark | None]) -> Mark:
        def decide(mark: Mark) -> tuple[Mark, None] | None:
            after = step(mark)
            return None if after is None else (after, None)

        return (await self._marks.amend(_ID, None, decide)).value


def _generation() -> str:
    return secrets.token_hex(6)
