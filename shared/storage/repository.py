"""Typed access to the documents of one kind: load, list, create once, amend."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from pydantic import BaseModel

from shared.contracts.event import Draft
from shared.faults import Fault, KeyReused, NotFound, Stale
from shared.ports.store import Change, Codec, Document, Kind, Sort, State, Store, ValueDecide, Where
from shared.storage.decoded import DECODED, NOTHING_DECODED
from shared.storage.lossless import keeps_every_value
from shared.storage.stored import Fingerprint, Stored

M = TypeVar("M", bound=BaseModel)

_PLAIN = (str, int, bool)


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
class Amendment(Generic[M]):
    """One of many. known: what the caller believes to be stored; decide: as of `Repository.amend`."""

    known: Versioned[M]
    decide: Callable[[M], tuple[M, Draft | None] | None]


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
        self._codec = codec_of(model)
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

        def decide(before: M | None) -> tuple[M, Draft | None] | None:
            if before is None:
                return value, event
            if isinstance(value, Stored):
                of_value = Fingerprint(value.created_by_body, value.created_by_body)
                _require_same(before, fingerprint or of_value, mismatch)
            return None

        return await self._changed(id, ValueDecide(self._codec, decide, (0, None)), None)

    async def amend(
        self,
        id: str,
        expected: int | None,
        decide: Callable[[M], tuple[M, Draft | None] | None],
        *,
        known: Versioned[M] | None = None,
    ) -> Versioned[M]:
        """Change a document. expected: the version that the caller has read, None for any; decide: a pure function that
        gives the new value and the event that it owes, or None for no change; it may run more than once. A value that
        equals the stored one and owes no event is not written. known: what the caller believes to be stored, so that it
        need not be loaded; if it is not, that costs one attempt.

        Raises NotFound, Stale, and whatever `decide` raises.
        """
        return await self._changed(id, self._existing(decide, known), expected)

    async def amend_many(self, amendments: Sequence[Amendment[M]]) -> Sequence[Versioned[M] | Exception]:
        """As many `amend` in one go: for each its document, or what `amend` would have raised."""
        decides = [self._existing(each.decide, each.known) for each in amendments]
        return await self._changed_many([each.known.id for each in amendments], decides)

    async def create_many(self, values: Mapping[str, M]) -> Sequence[Versioned[M] | Exception]:
        """Store new documents without events in one go, id → value, as `change` does: what exists stays as it is."""

        def creating(value: M) -> ValueDecide[M]:
            return ValueDecide(self._codec, lambda before: (value, None) if before is None else None, (0, None))

        return await self._changed_many(list(values), [creating(each) for each in values.values()])

    def _existing(
        self, decide: Callable[[M], tuple[M, Draft | None] | None], known: Versioned[M] | None
    ) -> ValueDecide[M]:
        def decide_existing(before: M | None) -> tuple[M, Draft | None] | None:
            if before is None:
                raise self.missing()
            return decide(before)

        return ValueDecide(self._codec, decide_existing, None if known is None else (known.sequence, known.value))

    async def change(
        self,
        id: str,
        decide: Callable[[M | None], tuple[M, Draft | None] | None],
        *,
        expected: int | None = None,
        known: Versioned[M] | None = None,
        new: bool = False,
    ) -> Versioned[M]:
        """As `amend`, for a document that may not exist: then `decide` gets None, and NotFound is raised if it gives
        None as well. new: the caller believes that it does not exist."""
        seen = (0, None) if new else None if known is None else (known.sequence, known.value)
        return await self._changed(id, ValueDecide(self._codec, decide, seen), expected)

    async def _changed(self, id: str, decide: ValueDecide[M], expected: int | None) -> Versioned[M]:
        return self._result(await self._store.change(self._kind, id, decide, expected=expected), decide)

    async def _changed_many(
        self, ids: Sequence[str], decides: Sequence[ValueDecide[M]]
    ) -> Sequence[Versioned[M] | Exception]:
        pairs = zip(ids, decides, strict=True)
        done = await self._store.change_many([Change(self._kind, id, decide) for id, decide in pairs])
        return [
            each if isinstance(each, Exception) else self._result(each, decide)
            for each, decide in zip(done, decides, strict=True)
        ]

    def _result(self, document: Document, decide: ValueDecide[M]) -> Versioned[M]:
        if decide.latest is None:
            return self._versioned(document)
        return Versioned(document.id, document.sequence, decide.latest, document.changed)

    async def list(self, where: Where, *, limit: int, after: str | None, sort: Sort = ()) -> VersionedPage[M]:
        """A page of the documents that match, by declared indexes. Raises Invalid for a cursor that the store did not
        give."""
        page = await self._store.find(self._kind, where, sort=sort, limit=limit, after=after)
        return VersionedPage([self._versioned(document) for document in page.documents], page.after)

    def _versioned(self, document: Document) -> Versioned[M]:
        text, codec = document.text, self._codec
        value = codec.of_state(document.state) if text is None else codec.of_text(text)
        return Versioned(document.id, document.sequence, value, document.changed)


@cache
def codec_of(model: type[M]) -> Codec[M]:
    """The codec of a model. Values of immutable models are kept by their text."""
    kept = DECODED if model.model_config.get("frozen") else NOTHING_DECODED
    model.model_rebuild()  # its schema is asked for below, and may not have been built yet

    def of_text(text: str) -> M:
        found: M | None = kept.get(model, text)
        if found is None:
            found = model.model_validate_json(text)
            kept.keep(model, text, found)
        return found

    def text_of(value: M) -> str:
        text = value.model_dump_json()
        kept.keep(model, text, value)
        return text

    names = _names_of(model)
    return Codec(
        of_state=model.model_validate,
        to_state=lambda value: value.model_dump(mode="json"),
        of_text=of_text,
        to_text=text_of if keeps_every_value(model.__pydantic_core_schema__) else None,
        some=None if names is None else _some_of(names),
        fields=None if names is None else frozenset(names),
    )


def _names_of(model: type[M]) -> Mapping[str, str] | None:
    """The fields of a state → those of the model; None for a model whose state has others than its fields."""
    if model.model_config.get("extra") == "allow" or model.__pydantic_decorators__.model_serializers:
        return None
    names: dict[str, str] = {}
    for name, field in {**model.model_fields, **model.model_computed_fields}.items():
        alias = getattr(field, "serialization_alias", None) or getattr(field, "alias", None)
        names[alias if alias and model.model_config.get("serialize_by_alias") else name] = name
    return names


def _some_of(names: Mapping[str, str]) -> Callable[[M, Collection[str], M | None], State]:
    """`Codec.some` of a model with these names."""

    def some(value: M, wanted: Collection[str], unlike: M | None) -> State:
        chosen = {names[field] for field in wanted if field in names}
        if unlike is not None:
            chosen = {name for name in chosen if not _same(getattr(value, name), getattr(unlike, name))}
        return value.model_dump(mode="json", include=chosen) if chosen else {}

    return some


def _same(one: object, other: object) -> bool:
    """Whether two values of a field are stored alike; False also when that is not sure: two equal times may be written
    differently."""
    return one is other or (type(one) is type(other) and type(one) in _PLAIN and one == other)


def _require_same(value: BaseModel, fingerprint: Fingerprint, mismatch: type[Fault]) -> None:
    if not isinstance(value, Stored) or fingerprint.matches(value.created_by_body):
        return
    if mismatch is KeyReused:
        raise KeyReused("Idempotency-Key ini sudah dipakai untuk permintaan yang lain.")
    raise mismatch("Sudah ada, dengan isi yang lain.")
