"""Keeps the newest copy of other services' documents, whatever the order of their events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pydantic import BaseModel

from shared.contracts.contract import Lift
from shared.ports.store import ID, Document, Kind, OneOf, State, Store, Where
from shared.storage.decoded import DECODED

M = TypeVar("M", bound=BaseModel)

_VERSION = "version"


@dataclass(frozen=True)
class Copy(Generic[M]):
    """A copy. sequence: of the owner's document, as carried by its event."""

    value: M
    sequence: int


@dataclass(frozen=True, eq=False)
class CopyKind(Generic[M]):
    """How a copy is stored: ``{<sequence>: int, version: int, <value>: {…}, <index field>: …}``.

    value and sequence: the names of those two fields; index_fields: fields of the value that are also stored at the
    top level, so that the kind can index them; version, lifts: of the contract. A copy without a version was stored
    when the contract had version 1; an older one is lifted when it is read.
    """

    kind: Kind
    model: type[M]
    value: str
    sequence: str
    index_fields: tuple[str, ...] = ()
    version: int = 1
    lifts: Mapping[int, Lift] = field(default_factory=dict)

    def state_of(self, value: BaseModel, sequence: int) -> State:
        """The stored form. value: `model` or a subclass; fields that a subclass adds are left out."""
        dumped = value.model_dump(mode="json", include=set(self.model.model_fields))
        indexed = {name: dumped[name] for name in self.index_fields}
        version = {_VERSION: self.version} if self.version > 1 else {}
        return {self.sequence: sequence, **version, **indexed, self.value: dumped}

    def copy_of(self, state: State) -> Copy[M]:
        """Decode a copy from a document's state or a scanned row."""
        value = state[self.value]
        for version in range(state.get(_VERSION) or 1, self.version):
            value = self.lifts[version](value)
        return Copy(self.model.model_validate(value), state[self.sequence])

    def copy_in(self, document: Document) -> Copy[M]:
        """The copy in a document; one that was decoded lately is not decoded again."""
        text = document.text
        if text is None:
            return self.copy_of(document.state)
        found: Copy[M] | None = DECODED.get(self, text)
        if found is None:
            found = self.copy_of(document.state)
            DECODED.keep(self, text, found)
        return found


class Copies(Generic[M]):
    """The copies of one kind in a service's store. All methods raise StoreAway."""

    def __init__(self, store: Store, kind: CopyKind[M]) -> None:
        self._store = store
        self._kind = kind

    async def keep(self, id: str, value: BaseModel, sequence: int, **marks: int) -> Copy[M]:
        """Store the value if it is newer. Returns the newest copy. marks: further fields that are stored with it."""
        state = {**self._kind.state_of(value, sequence), **marks}
        document = await self._store.put_newer(self._kind.kind.name, id, state, self._kind.sequence)
        if document.changed and type(value) is self._kind.model:
            return Copy(value, sequence)
        return self._kind.copy_in(document)

    async def get(self, id: str) -> Copy[M] | None:
        """The newest copy; None when no event of the document has been received."""
        document = await self._store.get(self._kind.kind.name, id)
        return None if document is None else self._kind.copy_in(document)

    async def some(self, ids: Sequence[str]) -> dict[str, Copy[M]]:
        """Id → copy, for the ids that have one."""
        if not ids:
            return {}
        page = await self._store.find(self._kind.kind.name, {ID: OneOf(list(ids))}, limit=len(ids))
        return {document.id: self._kind.copy_in(document) for document in page.documents}

    async def scan(self, where: Where | None = None) -> AsyncIterator[Copy[M]]:
        """All matching copies, in the order of their ids."""
        fields = (self._kind.sequence, _VERSION, self._kind.value)
        async for row in self._store.scan(self._kind.kind.name, where or {}, fields):
            yield self._kind.copy_of(row)
