"""Decisions and helpers for the tests of the store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.contracts.event import Draft, Event, schema_urn
from shared.ports.store import Decide, Owed, State, Store

LEASE = timedelta(seconds=30)


def draft(**data: Any) -> Draft:  # noqa: ANN401 - any payload
    """A draft of an event with this payload."""
    type = "thing.changed"
    now = datetime(2026, 12, 3, 7, 5, tzinfo=UTC)
    return Draft(source="tests", type=type, time=now, dataschema=schema_urn(type, 1), region="61.12", data=data)


def saved(state: State) -> Decide:
    """Decides to save this state without an event."""
    return lambda _: (dict(state), None)


def saved_with_event(state: State) -> Decide:
    """Decides to save this state with an event that carries it."""
    return lambda _: (dict(state), draft(**state))


def counted(owes: bool = True) -> Decide:  # noqa: FBT002 - reads well at the call
    """Decides to increment `n`; owes: with an event."""

    def decide(state: State | None) -> tuple[State, Draft | None]:
        n = (state or {"n": 0})["n"] + 1
        return {"n": n}, draft(n=n) if owes else None

    return decide


def refused(error: Exception) -> Callable[[State | None], None]:
    """Decides nothing: raises the error."""

    def decide(_: State | None) -> None:
        raise error

    return decide


async def claimed(store: Store, limit: int = 100, lease: timedelta = LEASE) -> list[Owed]:
    """Claim everything that is owed, up to the limit."""
    found: list[Owed] = []
    while len(found) < limit and (more := await store.claim_owed(limit - len(found), lease)):
        found += more
    return found


def events(owed: Owed) -> list[Event]:
    """The owed events, decoded."""
    return [Event.decode(each.body) for each in owed.events]


async def settled(store: Store) -> None:
    """Settle everything that is owed."""
    for owed in await claimed(store):
        await store.settle(owed, [each.id for each in owed.events])
