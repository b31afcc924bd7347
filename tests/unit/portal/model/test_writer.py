"""Batches: each event has the fate of its own documents, and of what follows from them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

import pytest

from services.portal.model.keeping.writer import ModelWriter
from services.portal.model.states.step import Update
from shared.faults import StoreAway
from shared.ports.store import Change, Document, Documents, State, ValueDecide

KIND = "kind"


class Failing:
    """A store without loading; changes of the ids in `away` fail. written: ids, by call."""

    def __init__(self, *away: str) -> None:
        self.away = set(away)
        self.written: list[list[str]] = []

    async def change_many(self, changes: Sequence[Change]) -> list[Document | Exception]:
        self.written.append([each.id for each in changes])
        await asyncio.sleep(0)
        return [StoreAway("gone") if each.id in self.away else self._changed(each) for each in changes]

    def _changed(self, change: Change) -> Document:
        assert isinstance(change.decide, ValueDecide)
        change.decide.on_value(None)
        return Document(change.kind, change.id, 1, change.decide.latest or {}, changed=True)


def writer(store: object, follow: str = "") -> ModelWriter:
    """Each document is followed by another of the same id with this suffix."""

    async def followed(id: str, _state: State) -> list[Update]:
        return [Update("other", f"{id}{follow}", _set)] if follow else []

    documents: Documents = store  # type: ignore[assignment]
    return ModelWriter(documents, {KIND: followed}, gather=(0.0, 0.0))


def _set(_state: State | None) -> State:
    return {"n": 1}


async def test_the_others_of_a_batch_do_not_fail_with_one() -> None:
    store = Failing("b", "c!")
    writing = writer(store, "!")

    fates = await asyncio.gather(*(writing.apply(Update(KIND, id, _set)) for id in "abc"), return_exceptions=True)

    assert [type(each) for each in fates] == [type(None), StoreAway, StoreAway]
    assert store.written == [["a", "b", "c"], ["a!", "c!"]]


async def test_events_of_one_document_in_a_batch_are_one_change_in_their_order() -> None:
    store = Failing()
    seen: list[tuple[int, State | None]] = []

    def step(state: State | None, number: int) -> State:
        seen.append((number, state))
        return {"n": number}

    writing = writer(store)
    await asyncio.gather(*(writing.apply(Update(KIND, "a", partial(step, number=n))) for n in (1, 2)))

    assert store.written == [["a"]]
    assert seen == [(1, None), (2, {"n": 1})]


async def test_what_waits_is_written_when_it_stops() -> None:
    store = Failing()
    writing = writer(store)
    waiting = asyncio.create_task(writing.apply(Update(KIND, "a", _set)))
    await asyncio.sleep(0)

    await writing.stop()

    assert waiting.done()


async def test_a_batch_that_fails_as_a_whole_is_everybody_s_fault_and_the_next_is_written() -> None:
    store = Failing()
    original = store.change_many

    async def broken(_: Sequence[Change]) -> list[Document | Exception]:
        raise RuntimeError("oops")

    store.change_many = broken  # type: ignore[method-assign]
    writing = writer(store)
    with pytest.raises(RuntimeError):
        await writing.apply(Update(KIND, "a", _set))

    store.change_many = original  # type: ignore[method-assign]
    await writing.apply(Update(KIND, "a", _set))
