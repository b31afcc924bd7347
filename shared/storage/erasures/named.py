"""Finds and replaces a person's name in the documents of one region, in the places that a service declares."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError

from shared.faults import Flaw, Invalid
from shared.ports.store import Decision, Document, State, Store
from shared.storage.erasures.names import NameFinder
from shared.storage.erasures.paths import replace_at, texts_at

_PAGE = 50  # documents, of which some are large


@dataclass(frozen=True)
class Places:
    """Where documents of one kind name persons; none of it is in an event. model: of the kind's documents; names,
    texts: paths (`*` for each item) of fields for names, and of free texts and file names that may hold one; agency:
    the field that names the agency, empty: the document's id; owner: the kind whose region is the document's, by an id
    in `by`; empty: the document has a field `region`."""

    model: type[BaseModel]
    names: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    agency: str = "agency"
    owner: str = ""
    by: str = ""


@dataclass(frozen=True)
class Scope:
    """Where to look. agency: only its documents, empty: all of the region; texts: in free texts too."""

    region: str
    agency: str = ""
    texts: bool = True


@dataclass(frozen=True)
class NamedIn:
    """A document that names the person. places: path → the text there."""

    kind: str
    id: str
    places: dict[str, str]


class NamedPersons:
    """places: by kind. Every method raises StoreAway."""

    def __init__(self, store: Store, places: Mapping[str, Places]) -> None:
        self._store = store
        self._places = places

    async def find(self, finder: NameFinder, scope: Scope) -> list[NamedIn]:
        """The documents that name the person."""
        found: list[NamedIn] = []
        for kind, places in self._places.items():
            paths = _paths(places, scope)
            async for document in self._documents(kind, places, scope):
                named = {
                    place: text
                    for path in paths
                    for place, text in texts_at(document.state, path)
                    if finder.spans(text)
                }
                if named:
                    found.append(NamedIn(kind, document.id, named))
        return found

    async def replace(self, finder: NameFinder, scope: Scope, by: str | None = None) -> int:
        """Put another name in its place, None: hide it; how many documents changed. Raises Invalid for a name that is
        too long somewhere."""
        changed = 0
        for kind, places in self._places.items():
            step = _replacing(places, _paths(places, scope), lambda text: finder.replaced(text, by))
            async for document in self._documents(kind, places, scope):
                if step(document.state) is not None:
                    changed += (await self._store.change(kind, document.id, step)).changed
        return changed

    async def _documents(self, kind: str, places: Places, scope: Scope) -> AsyncIterator[Document]:
        if places.owner:
            async for document in self._owned(kind, places, scope):
                yield document
            return
        after: str | None = None
        while True:
            page = await self._store.find(kind, {"region": scope.region}, limit=_PAGE, after=after)
            for document in page.documents:
                if not scope.agency or scope.agency == document.state.get(places.agency, document.id):
                    yield document
            if page.after is None:
                return
            after = page.after

    async def _owned(self, kind: str, places: Places, scope: Scope) -> AsyncIterator[Document]:
        """Those of the region's owners; none when one agency's are wanted."""
        if scope.agency:
            return
        owners = [row.id async for row in self._store.scan(places.owner, {"region": scope.region}, ())]
        for owner in owners:
            ids = [row.id async for row in self._store.scan(kind, {places.by: owner}, ())]
            for id in ids:
                found = await self._store.get(kind, id)
                if found is not None:
                    yield found


def _paths(places: Places, scope: Scope) -> tuple[str, ...]:
    return (*places.names, *(places.texts if scope.texts else ()))


def _replacing(
    places: Places, paths: tuple[str, ...], replaced: Callable[[str], str]
) -> Callable[[State | None], Decision]:
    def step(before: State | None) -> Decision:
        if before is None:
            return None
        after = copy.deepcopy(before)
        if not replace_at(after, paths, replaced):
            return None
        try:
            places.model.model_validate(after)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(each) for each in first["loc"])
            raise Invalid([Flaw("name", "malformed", f"nama ini tidak dapat dipakai di {where}")]) from None
        return after, None

    return step
