"""Reads the public catalogue: all of it in an order, or by the beginnings of words."""

from __future__ import annotations

from typing import Any

from services.portal.model.kinds import CATALOGUE, WORD
from services.portal.model.queries.innovations import views_of
from services.portal.model.states.catalogue import words_of
from services.portal.model.states.word import FILTERS, has_all, is_first
from services.portal.model.views.innovation import CatalogueOrder, InnovationView, SearchQuery
from services.portal.model.views.listed import Listed
from shared.faults import Flaw, Invalid
from shared.ports.cursor import encode_cursor
from shared.ports.store import ID, Documents, OneOf, Page, Prefix, Range

_SORTS = {
    CatalogueOrder.NEWEST: ("since", -1),
    CatalogueOrder.NAME: ("sort_name", 1),
    CatalogueOrder.POINTS: ("place", -1),
}
_BY_WORD = [("word", 1)]
_AT_ONCE = 100  # words of one query
_MOST = 1000  # words that are read for a page: a page may be short, or empty, and not the last
_LONGEST = 10  # words of a query


class Catalogue:
    """All methods raise StoreAway, and Invalid for an unknown cursor."""

    def __init__(self, store: Documents) -> None:
        self._store = store

    async def search(self, query: SearchQuery, after: str | None, limit: int) -> Listed[InnovationView]:
        """A page."""
        words = words_of(query.text)[:_LONGEST]
        if query.text.strip() and not words:
            return Listed()
        return await (self._by_words(query, words, after, limit) if words else self._all(query, after, limit))

    async def _all(self, query: SearchQuery, after: str | None, limit: int) -> Listed[InnovationView]:
        path, direction = _SORTS[query.order]
        where: dict[str, Any] = _wanted(query)
        where[path] = Range(least="" if path != "since" else 0)  # what is not public has none
        page = await self._store.find(CATALOGUE.name, where, sort=[(path, direction)], limit=limit, after=after)
        return Listed(await views_of(self._store, page.documents), page.after)

    async def _by_words(
        self, query: SearchQuery, words: tuple[str, ...], after: str | None, limit: int
    ) -> Listed[InnovationView]:
        """Follow the rarest word through the names, and look whether the others are in them as well."""
        leading, after = _leading(words, after) if after else (await self._rarest(query, words), None)
        found: list[str] = []
        read, at_once = 0, limit + 1 if len(words) == 1 else _AT_ONCE
        while read < _MOST:
            page = await self._hits(query, leading, at_once, after)
            read += len(page.documents)
            for place, hit in enumerate(page.documents):
                if is_first(hit.state, leading) and has_all(hit.state, words):
                    found.append(hit.state["innovation"])
                if len(found) == limit:
                    more = page.after is not None or place + 1 < len(page.documents)
                    after = encode_cursor([*_BY_WORD, (ID, 1)], [hit.state["word"], hit.id])
                    return await self._listed(found, _cursor(words, leading, after) if more else None)
            after = page.after
            if after is None:
                return await self._listed(found, None)
        return await self._listed(found, _cursor(words, leading, after))

    async def _rarest(self, query: SearchQuery, words: tuple[str, ...]) -> str:
        """One that begins few words; of those that begin many, the longest."""
        if len(words) == 1:
            return words[0]
        hits = {word: len((await self._hits(query, word, _AT_ONCE, None)).documents) for word in words}
        return min(words, key=lambda word: (hits[word], -len(word)))

    async def _hits(self, query: SearchQuery, leading: str, limit: int, after: str | None) -> Page:
        where = {**_wanted(query), "word": Prefix(leading)}
        return await self._store.find(WORD.name, where, sort=_BY_WORD, limit=limit, after=after)

    async def _listed(self, ids: list[str], after: str | None) -> Listed[InnovationView]:
        """In the order of these ids; those that are not verified any more are left out."""
        if not ids:
            return Listed([], after)
        page = await self._store.find(CATALOGUE.name, {ID: OneOf(ids)}, limit=len(ids))
        listed = [each for each in page.documents if each.state["since"] is not None]
        views = {each.id: each for each in await views_of(self._store, listed)}
        return Listed([views[id] for id in ids if id in views], after)


def _cursor(words: tuple[str, ...], leading: str, after: str | None) -> str | None:
    """The store's cursor, with the place of the word that it follows."""
    return None if after is None else f"{words.index(leading)}.{after}"


def _leading(words: tuple[str, ...], cursor: str) -> tuple[str, str]:
    """The inverse of `_cursor`. Raises Invalid."""
    place, _, after = cursor.partition(".")
    if place.isascii() and place.isdigit() and int(place[:2]) < len(words):
        return words[int(place[:2])], after
    raise Invalid([Flaw("after", "bad-cursor", "Penanda halaman tidak dikenal; mulai lagi tanpa `after`.")])


def _wanted(query: SearchQuery) -> dict[str, Any]:
    return {name: getattr(query, name) for name in FILTERS if getattr(query, name) is not None}
