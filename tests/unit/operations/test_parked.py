"""Selecting parked messages, replaying and discarding them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.adapters.sqlite.bus import SqliteBus
from shared.clock import Clock
from shared.operations.parked import Selection, described, move, selected
from shared.ports.bus import Parked
from tests.support.pipeline import AGENCIES, opened_bus, parked_of

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


def parked(id: str = "a", reason: str = "KeyError: 'weight'", fault: str = "KeyError", hours: float = 1) -> Parked:
    last = NOW - timedelta(hours=hours)
    return Parked(id, b"{}", reason, fault, 6, last - timedelta(hours=3), last)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), True),
        (Selection(ids=frozenset({"a", "b"})), True),
        (Selection(ids=frozenset({"b"})), False),
        (Selection(reason="WEIGHT"), True),
        (Selection(reason="keyerror"), True),
        (Selection(reason="delivery-limit"), False),
        (Selection(older_than=timedelta(hours=1)), True),
        (Selection(older_than=timedelta(hours=1, seconds=1)), False),
        (Selection(ids=frozenset({"a"}), reason="weight", older_than=timedelta(minutes=1)), True),
        (Selection(ids=frozenset({"a"}), reason="other"), False),
    ],
)
def test_all_conditions_of_a_selection_must_hold(selection: Selection, *, expected: bool) -> None:
    assert selection.selects(parked(), NOW) is expected


def test_a_message_without_a_time_counts_as_old() -> None:
    without = Parked("a", b"", "delivery-limit", "", 0, None, None)
    assert Selection(older_than=timedelta(days=365)).selects(without, NOW)


def test_a_selection_knows_whether_it_is_everything() -> None:
    assert Selection().everything
    assert not Selection(reason="x").everything


def test_a_readable_message_is_shown_as_json_and_another_as_hex() -> None:
    shown = described(parked())
    assert shown["body"] == {}
    assert (shown["id"], shown["attempts"], shown["last_at"]) == ("a", 6, "2026-11-02T11:00:00+00:00")
    assert described(Parked("a", b"\xff{", "x", "Unreadable", 1, None, NOW))["body"] == "hex:ff7b"
    assert described(Parked("a", b"\xff{", "x", "Unreadable", 1, None, NOW))["first_at"] is None


@pytest.fixture
async def bus(tmp_path: Path) -> AsyncIterator[SqliteBus]:
    async with opened_bus(tmp_path) as bus:
        receiver = await bus.receive(AGENCIES, prefetch=1)
        for id, reason in (("a", "no weight"), ("b", "no name"), ("c", "no weight")):
            await bus.publish("agency.registered", id, "61.12", id.encode(), mandatory=True)
            await receiver.park(await receiver.take(), reason=reason, fault="KeyError")
        await receiver.close()
        yield bus


async def test_listing_moves_nothing(bus: SqliteBus) -> None:
    listed = [each.id async for each in selected(bus, AGENCIES, Selection(reason="weight"), Clock.machine())]
    assert listed == ["a", "c"]
    assert len(await parked_of(bus)) == 3


@pytest.mark.parametrize("replay", [True, False])
async def test_a_dry_run_counts_and_moves_nothing(bus: SqliteBus, *, replay: bool) -> None:
    counted = await move(bus, AGENCIES, Selection(reason="weight"), Clock.machine(), replay=replay, dry_run=True)
    assert counted == 2
    assert len(await parked_of(bus)) == 3
    assert (await bus.state(AGENCIES)).ready == 0


async def test_a_replay_returns_the_selected_messages_unchanged(bus: SqliteBus) -> None:
    assert await move(bus, AGENCIES, Selection(reason="weight"), Clock.machine(), replay=True) == 2
    receiver = await bus.receive(AGENCIES, prefetch=5)
    back = [await receiver.take(), await receiver.take()]
    assert [(each.body, each.attempt) for each in back] == [(b"a", 0), (b"c", 0)]
    assert [each.id for each in await parked_of(bus)] == ["b"]


async def test_a_discard_removes_the_selected_messages(bus: SqliteBus) -> None:
    assert await move(bus, AGENCIES, Selection(ids=frozenset({"b"})), Clock.machine(), replay=False) == 1
    assert [each.id for each in await parked_of(bus)] == ["a", "c"]
    assert (await bus.state(AGENCIES)).ready == 0
