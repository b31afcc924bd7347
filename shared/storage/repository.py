"""Typed access to the documents of one kind: load, list, create once, amend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel

from shared.contracts.event import Draft
from shared.faults import Fault, KeyReused, NotFound, Stale
from shared.ports.store import Decision, Document, Kind, Sort, State, Store, Where
from shared.storage.stored import Fingerprint, Stored

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Versioned(Generic[M]):
    """A document's value at one version. sequence: the version; changed: whether the `create`, `amend` or `change`
    that returned it wrote anything."""

    id: str
    sequence: int
    value: M
    changed: bool = False

    def require(self, expected: int) -> None:
        """Raise Stale unless this is the version that the caller has read."""
        if self.sequence != expected:
            raise Stale("Sudah diubah pihak lain sejak Anda membacanya; muat ulang, lalu ulangi.")


@dataclass(frozen=True)
class VersionedPage(Generic[M]):
    """A page of documents. after: the cursor of the next page, None on the last."""

    items: list[Versioned[M]]
    after: str | None


class Repository(Generic[M]):
    """The documents of one kind, decoded as `model`. Every method raises StoreAway as the store does.

    A model with `Stored` as its base makes creation idempotent by the request's body. A document of any other model is
    created once: a second `create` returns the first one.
    """

    def __init__(self, store: Store, kind: Kind, model: type[M], missing: str) -> None:
        """missing: the sentence of NotFound, in Bahasa Indonesia."""
        self._store = store
        self._kind = kind.name
        self._model = model
        self._missing = missing

    async def find(self, id: str) -> Versioned[M] | None:
        """Load a document; None when there is none."""
        document = await self._store.get(self._kind, id)
        return None if document is None else self._versioned(document)

    async def get(self, id: str) -> Versioned[M]:
        """Load a document. Raises NotFound."""
        found = await self.find(id)
        if found is None:
            raise self.missing()
        return found

    def missing(self) -> NotFound:
        """The fault for a document that does not exist, or that the caller must not know of."""
        return NotFound(self._missing)

    async def repeated(
        self, id: str, fingerprint: Fingerprint, mismatch: type[Fault] = KeyReused
    ) -> Versioned[M] | None:
        """The document that an earlier, equal request created under this id; None when there is none. Raises
        `mismatch` when the earlier request had another body."""
        found = await self.find(id)
        if found is not None:
            _require_same(found.value, fingerprint, mismatch)
        return found

    async def create(
        self,
        id: str,
        value: M,
        event: Draft | None = None,
        mismatch: type[Fault] = KeyReused,
        *,
        fingerprint: Fingerprint | None = None,
    ) -> Versioned[M]:
        """Store a new document, with the event that it owes. If an equal request was faster, returns its document.
        fingerprint: of the request, by default the one that the value remembers. Raises `mismatch` when a request with
        another body was faster."""

        def decide(state: State | None) -> Decision:
            if state is None:
                return _state_of(value), event
            if isinstance(value, Stored):
                of_value = Fingerprint(value.created_by_body, value.created_by_body)
                _require_same(self._model.model_validate(state), fingerprint or of_value, mismatch)
            return None

        return self._versioned(await self._store.change(self._kind, id, decide))

    async def amend(
        self, id: str, expected: int | None, decide: Callable[[M], tuple[M, Draft | None] | None]
    ) -> Versioned[M]:
        """Change a document. expected: the version that the caller has read, None for any; decide: a pure function that
        gives the new value and the event that it owes, or None for no change; it may run more than once. A value that
        equals the stored one and owes no event is not written.

        Raises NotFound, Stale, and whatever `decide` raises.
        """

        def decide_existing(before: M | None) -> tuple[M, Draft | None] | None:
            if before is None:
                raise self.missing()
            return decide(before)

        return await self.change(id, decide_existing, expected=expected)

    async def change(
        self,
        id: str,
        decide: Callable[[M | None], tuple[M, Draft | None] | None],
        *,
        expected: int | None = None,
    ) -> Versioned[M]:
        """As `amend`, for a document that may not exist: then `decide` gets None, and NotFound is raised if it gives
        None as well."""
        latest: M | None = None  # of the last run of decide_state, which is the one that counts: decoded once

        def decide_state(state: State | None) -> Decision:
            nonlocal latest
            latest = before = None if state is None else self._model.model_validate(state)
            after = decide(before)
            if after is None or after == (before, None):
                return None
            latest = after[0]
            return _state_of(latest), after[1]

        document = await self._store.change(self._kind, id, decide_state, expected=expected)
        if latest is None:
            return self._versioned(document)
        return Versioned(document.id, document.sequence, latest, document.changed)

    async def list(self, where: Where, *, limit: int, after: str | None, sort: Sort = ()) -> VersionedPage[M]:
        """A page of the documents that match, by declared indexes. Raises Invalid for a cursor that the store did not
        give."""
        page = await self._store.find(self._kind, where, sort=sort, limit=limit, after=after)
        return VersionedPage([self._versioned(document) for document in page.documents], page.after)

    def _versioned(self, document: Document) -> Versioned[M]:
        value = self._model.model_validate(document.state)
        return Versioned(document.id, document.sequence, value, document.changed)


def _state_of(value: BaseModel) -> State:
    return value.model_dump(mode="json")


def _require_same(value: BaseModel, fingerprint: Fingerprint, mismatch: type[Fault]) -> None:
    if not isinstance(value, Stored) or fingerprint.matches(value.created_by_body):
        return
    if mismatch is KeyReused:
        raise KeyReused("Idempotency-Key ini sudah dipakai untuk permintaan yang lain.")
    raise mismatch("Sudah ada, dengan isi yang lain.")
