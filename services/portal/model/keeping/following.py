"""What follows from a document of the read model that an event has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from services.portal.model.keeping.writer import Follow
from services.portal.model.kinds import BOARD, CATALOGUE, INNOVATION, KNOWN_AGENCY, WORD
from services.portal.model.names import agencies_by_id
from services.portal.model.states.board import board_id, with_mark
from services.portal.model.states.catalogue import with_listing
from services.portal.model.states.innovation import assignments_in
from services.portal.model.states.step import Update
from services.portal.model.states.word import names_of, with_word, word_id
from shared.ports.store import Documents, State

_MOST_YEARS = 200  # of an agency
_MOST_WORDS = 500  # that an innovation ever had


class Following:
    """Reads what it must know; writes nothing. All methods raise StoreAway."""

    def __init__(self, store: Documents) -> None:
        self._store = store

    def by_kind(self) -> Mapping[str, Follow]:
        """Kind of the document → what follows from it."""
        return {INNOVATION.name: self.innovation, KNOWN_AGENCY.name: self.agency}

    async def innovation(self, id: str, state: State) -> Sequence[Update]:
        """It is counted again wherever it is or was; and the catalogue has it, if it ever was verified."""
        marks = [_marked(state["region"], agency, year) for agency, year in assignments_in(state)]
        if not state["listed"]:
            return marks
        listing = Update(CATALOGUE.name, id, partial(with_listing, innovation=state))
        return [*marks, listing, *await self._words(id, state)]

    async def agency(self, id: str, _state: State) -> Sequence[Update]:
        """Its rows on the board show its name, and its verified innovations are found by it."""
        page = await self._store.find(BOARD.name, {"agency": id}, limit=_MOST_YEARS)
        updates = [_marked(each.state["home"], id, each.state["year"]) for each in page.documents]
        rows = self._store.scan(CATALOGUE.name, {"agency": id}, ())
        for innovation in [row.id async for row in rows]:
            document = await self._store.get(INNOVATION.name, innovation)
            if document is not None:
                updates += await self._words(innovation, document.state)
        return updates

    async def _words(self, innovation: str, state: State) -> list[Update]:
        """A word for each of its name and its agency's while it is verified, and none for others."""
        agency = (await agencies_by_id(self._store, [state["agency"]])).get(state["agency"])
        names = names_of(state, agency.name if agency else "")
        page = await self._store.find(WORD.name, {"innovation": innovation}, limit=_MOST_WORDS)
        words = dict.fromkeys([*names, *(each.id.partition("/")[2] for each in page.documents)])
        return [
            Update(
                WORD.name,
                word_id(innovation, word),
                partial(with_word, word=word, id=innovation, innovation=state, names=names),
            )
            for word in words
        ]


def _marked(region: str, agency: str, year: int) -> Update:
    step = partial(with_mark, region=region, agency=agency, year=year)
    return Update(BOARD.name, board_id(agency, year), step)
