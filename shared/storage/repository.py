"""The registry's documents as typed values: what is asked of the store, for one kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from shared.contracts.event import Draft
from shared.faults import Fault, KeyReused, NotFound, Stale
from shared.ports.store import Decision, Document, Kind, Sort, State, Store, Where
from shared.storage.stored import Stored

T = TypeVar("T", bound=Stored)


@dataclass(frozen=True)
class Versioned(Generic[T]):
    """A value with its document's id, and the sequence at which it was loaded."""

    id: str
    sequence: int
    value: T

    def require(self, expected: int) -> None:
        """Raise Stale unless this is the version that the caller saw."""
        if self.sequence != expected:
            raise Stale("Sudah diubah pihak lain sejak Anda membacanya; muat ulang, lalu ulangi.")


@dataclass(frozen=True)
class Slice(Generic[T]):
    """A page of values; after: the cursor of the next, None on the last."""

    held: list[Versioned[T]]
    after: str | None


class Repository(Generic[T]):
    """One kind of document. Every method raises StoreAway as the store does."""

    def __init__(self, store: Store, kind: Kind, model: type[T], missing: str) -> None:
        """missing: what to say when there is no such document."""
        self._store = store
        self._kind = kind.name
        self._model = model
        self._missing = missing

    async def find(self, id: str) -> Versioned[T] | None:
        """The value; None when there is none."""
        document = await self._store.get(self._kind, id)
        return None if document is None else self._held(document)

    async def get(self, id: str) -> Versioned[T]:
        """The value. Raises NotFound."""
        held = await self.find(id)
        if held is None:
            raise self.missing()
        return held

    def missing(self) -> NotFound:
        """The fault that says that there is none (or none that the asker may know of)."""
        return NotFound(self._missing)

    async def repeated(self, id: str, fingerprint: str, other: type[Fault] = KeyReused) -> Versioned[T] | None:
        """What an earlier request of the same body made under this id; None when there was none. Raises `other` when
        it had another body."""
        held = await self.find(id)
        if held is not None and held.value.created_by_body != fingerprint:
            raise _another(other)
        return held

    async def create(self, id: str, made: T, owed: Draft | None = None, other: type[Fault] = KeyReused) -> Versioned[T]:
        """Store a new value with its event, if it owes one; if somebody was faster with the same body, theirs. Raises
        `other`."""

        def decide(state: State | None) -> Decision:
            if state is None:
                return _plain(made), owed
            if state["created_by_body"] != made.created_by_body:
                raise _another(other)
            return None

        return self._held(await self._store.change(self._kind, id, decide))

    async def amend(self, id: str, expected: int, decide: Callable[[T], tuple[T, Draft | None] | None]) -> Versioned[T]:
        """Change the value that the caller saw. Raises Stale, and whatever `decide` raises."""

        def decide_plain(state: State | None) -> Decision:
            if state is None:
                raise self.missing()
            change = decide(self._model.model_validate(state))
            return None if change is None else (_plain(change[0]), change[1])

        return self._held(await self._store.change(self._kind, id, decide_plain, expected=expected))

    async def list(self, where: Where, *, limit: int, after: str | None, sort: Sort = ()) -> Slice[T]:
        """A page by declared indexes. Raises Invalid for a cursor that is none of ours."""
        page = await self._store.find(self._kind, where, sort=sort, limit=limit, after=after)
        return Slice([self._held(document) for document in page.documents], page.after)

    def _held(self, document: Document) -> Versioned[T]:
        return Versioned(document.id, document.sequence, self._model.model_validate(document.state))


def _plain(value: Stored) -> dict[str, Any]:
    return value.model_dump(mode="json")


def _another(fault: type[Fault]) -> Fault:
    if fault is KeyReused:
        return KeyReused("Idempotency-Key ini sudah dipakai untuk permintaan yang lain.")
    return fault("Sudah ada, dengan isi yang lain.")
