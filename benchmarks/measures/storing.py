"""Store operations of any adapter, 32 at once, on documents of about two kilobytes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from benchmarks.measures.timed import Timed, timed
from shared.ports.store import Decision, Index, Kind, State, Store
from tests.support.events import agency_draft

_KIND = Kind("thing", indexes=(Index(("region", "year")),))
_AT_ONCE = 32
_LEASE = timedelta(seconds=30)


async def of_store(store: Store, count: int) -> dict[str, Timed]:
    """Insert, read, change, change with an event, and claim with settle; what was done → its time."""
    await store.open((_KIND,))
    try:
        return {
            "insert": await _each(count, lambda n: store.change(_KIND.name, f"t{n}", _insert)),
            "read by id": await _each(count, lambda n: store.get(_KIND.name, f"t{n}")),
            "change": await _each(count, lambda n: store.change(_KIND.name, f"t{n}", _count)),
            "change that owes an event": await _each(count, lambda n: store.change(_KIND.name, f"t{n}", _owe)),
            "claim and settle": await _settled(store, count),
        }
    finally:
        await store.close()


async def _each(count: int, do: Callable[[int], Awaitable[object]]) -> Timed:
    numbers = iter(range(count))

    async def one() -> None:
        for number in numbers:
            await do(number)

    with timed(count) as it:
        await asyncio.gather(*(one() for _ in range(_AT_ONCE)))
    return it


async def _settled(store: Store, count: int) -> Timed:
    with timed(count) as it:
        while claimed := await store.claim_owed(64, _LEASE):
            await asyncio.gather(*(store.settle(each, [event.id for event in each.events]) for each in claimed))
    return it


def _insert(_: State | None) -> Decision:
    return {"region": "61.12", "year": 2026, "n": 0, "text": "inovasi " * 250}, None


def _count(state: State | None) -> Decision:
    assert state is not None
    return {**state, "n": state["n"] + 1}, None


def _owe(state: State | None) -> Decision:
    assert state is not None
    return {**state, "n": state["n"] + 1}, agency_draft("a")
