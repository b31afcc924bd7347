"""Reads the public catalogue: all of it in an order, or by the beginnings of words."""

from __future__ import annotations

from typing import Any

from services.portal.model.kinds import CATALOGUE, WORD
from services.portal.model.names import agencies_by_id
from services.portal.model.queries.innovations import views_of
from services.portal.model.states.catalogue import words_of
from services.portal.model.views.innovation import CatalogueOrder, InnovationView, SearchQuery
from services.portal.model.views.listed import Listed
from shared.ports.cursor import encode_cursor
from shared.ports.store import ID, Document, Documents, OneOf, Prefix, Range

_SORTS = {
    CatalogueOrder.NEWEST: ("since", -1),
    CatalogueOrder.NAME: ("sort_name", 1),
    CatalogueOrder.POINTS: ("place", -1),
}
_FILTERS = ("region", "agency", "year", "stage", "form", "nature", "main_affair")
_AT_ONCE = 100  # words of one query
_MOST = 500  # words that are read for a page: a page may be short, or empty, and not the last
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
        """Follow the longest word through the names, and look whether the others are in them as well."""
        leading = max(words, key=len)
        where: dict[str, Any] = {"word": Prefix(leading)}
        if query.region is not None:
            where["region"] = query.region
        found: list[Document] = []
        read = 0
        while read < _MOST:
            page = await self._store.find(WORD.name, where, sort=[("word", 1)], limit=_AT_ONCE, after=after)
            read += len(page.documents)
            matching = await self._matching(query, words, leading, page.documents)
            for place, document in matching:
                found.append(document)
                if len(found) == limit:
                    last = page.documents[place]
                    more = page.after is not None or place + 1 < len(page.documents)
                    after = encode_cursor([("word", 1), (ID, 1)], [last.state["word"], last.id])
                    return Listed(await views_of(self._store, found), after if more else None)
            after = page.after
            if after is None:
                break
        return Listed(await views_of(self._store, found), after)

    async def _matching(
        self, query: SearchQuery, words: tuple[str, ...], leading: str, hits: list[Document]
    ) -> list[tuple[int, Document]]:
        """The place of the hit, and the innovation. An innovation is found by the first of its words alone that begins
        with the leading one, so that it is listed once."""
        ids = list(dict.fromkeys(each.state["innovation"] for each in hits))
        if not ids:
            return []
        where = {**_wanted(query), ID: OneOf(ids)}
        page = await self._store.find(CATALOGUE.name, where, limit=len(ids))
        listed = {each.id: each for each in page.documents if each.state["since"] is not None}
        agencies = await agencies_by_id(self._store, [each.state["agency"] for each in listed.values()])
        matching = []
        for place, hit in enumerate(hits):
            document = listed.get(hit.state["innovation"])
            if document is None:
                continue
            agency = agencies.get(document.state["agency"])
            names = words_of(f"{document.state['innovation']['name']} {agency.name if agency else ''}")
            first = min((each for each in names if each.startswith(leading)), default=None)
            if first == hit.state["word"] and all(any(name.startswith(word) for name in names) for word in words):
                matching.append((place, document))
        return matching


def _wanted(query: SearchQuery) -> dict[str, Any]:
    return {name: getattr(query, name) for name in _FILTERS if getattr(query, name) is not None}
