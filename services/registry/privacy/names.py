"""Finds and replaces a person's name in the documents of one region."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from pydantic import ValidationError

from services.registry.kinds import IMPORT, IMPORT_REPORT
from services.registry.privacy.places import PLACES, Places
from shared.faults import Flaw, Invalid
from shared.ports.store import Decision, Document, State, Store
from shared.storage.erasures.names import NameFinder
from shared.storage.erasures.paths import replace_at, texts_at

_PAGE = 50  # documents, of which some are large


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
    """Every method raises StoreAway."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find(self, finder: NameFinder, scope: Scope) -> list[NamedIn]:
        """The documents that name the person."""
        found: list[NamedIn] = []
        for kind, places in PLACES.items():
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
        for kind, places in PLACES.items():
            step = _replacing(places, _paths(places, scope), lambda text: finder.replaced(text, by))
            async for document in self._documents(kind, places, scope):
                if step(document.state) is not None:
                    changed += (await self._store.change(kind, document.id, step)).changed
        return changed

    async def _documents(self, kind: str, places: Places, scope: Scope) -> AsyncIterator[Document]:
        if not places.of_region:
            async for document in self._reports(scope):
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

    async def _reports(self, scope: Scope) -> AsyncIterator[Document]:
        """The pages of reports of the region's imports."""
        if scope.agency:
            return
        runs = [row.id async for row in self._store.scan(IMPORT.name, {"region": scope.region}, ())]
        for run in runs:
            ids = [row.id async for row in self._store.scan(IMPORT_REPORT.name, {"run": run}, ())]
            for id in ids:
                found = await self._store.get(IMPORT_REPORT.name, id)
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
