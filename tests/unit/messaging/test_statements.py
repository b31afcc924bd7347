"""What relay and delivery of an event cost on the embedded engines: statements, and commits that wait for the disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from shared.adapters.sqlite.commits import GroupedCommits
from shared.contracts.contract import Payload
from shared.contracts.event import Event
from shared.messaging.consumer import Consumer
from shared.messaging.relay import Relay
from shared.ports.store import Change, Decision, State
from tests.support.events import agency_draft
from tests.support.pipeline import AGENCIES, KIND, eventually, opened_bus, opened_store, running

EVENTS = 256
OF_THE_BUS, OF_THE_STORE = 2.5, 4.3  # statements per event, with BEGIN, COMMIT and looks

Counts = Counter[str]


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counts:
    """Statements by file that are written."""
    counted: Counts = Counter()
    connected = GroupedCommits._connected

    def traced(self: GroupedCommits, *, wait: float = 0.0) -> sqlite3.Connection:
        connection = connected(self, wait=wait)
        connection.set_trace_callback(lambda _: counted.update([self._path.name]))
        return connection

    monkeypatch.setattr(GroupedCommits, "_connected", traced)
    return counted


async def test_relay_and_delivery_of_many_events_take_few_statements_each(tmp_path: Path, counts: Counts) -> None:
    handled = 0

    async def handle(event: Event, payload: Payload) -> None:
        nonlocal handled
        del event, payload
        handled += 1

    def owing(id: str) -> Change:
        def decide(_: State | None) -> Decision:
            return {"id": id}, agency_draft(id)

        return Change(KIND.name, id, decide)

    async with opened_store(tmp_path) as store, opened_bus(tmp_path) as bus:
        await store.change_many([owing(str(number)) for number in range(EVENTS)])
        consumer = Consumer(bus, AGENCIES, dict.fromkeys(AGENCIES.types, handle), store)
        counts.clear()
        async with running(Relay(store, bus, mandatory=AGENCIES.types)), running(consumer):

            async def all_done() -> bool:
                state = await bus.state(AGENCIES)
                return handled == EVENTS and not state.held and await store.owed_depth() == 0

            await eventually(all_done)
            await asyncio.sleep(0)

    print({name: count / EVENTS for name, count in counts.items()})
    assert counts["bus.sqlite"] / EVENTS <= OF_THE_BUS
    assert counts["store.sqlite"] / EVENTS <= OF_THE_STORE
