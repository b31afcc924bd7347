"""A recorded event log, delivered to fresh services in any order and any number of times, gives the same state."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Callable, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.adapters.folder import FolderFiles
from shared.adapters.sqlite.bus import SqliteBus
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock
from shared.contracts.event import Event
from shared.contracts.event_types import decode_event, types_of
from shared.contracts.subscriptions import SUBSCRIPTIONS, TAKEN
from shared.runtime.installed import composer
from shared.runtime.service import Resources, Service
from tests.support.faults.event_log import END, record, settings_in, types_in

EXAMPLES = 12
SOAKED = 300
AT_ONCE = 8  # events that are handled concurrently, at most
CONSUMERS = {
    "scoring": ("scorecard", "known_region"),
    "notifications": (
        *("obligation", "entry", "known_region", "known_agency", "known_deadline"),
        *("known_question", "known_idea"),
    ),
}
"""The consuming services, and the kinds of documents that they derive from events."""

State = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    return record(tmp_path_factory.mktemp("year"))


@pytest.fixture(scope="module")
def in_order(log: list[bytes]) -> State:
    return end_of(log)


def end_of(bodies: Sequence[bytes], dice: random.Random | None = None) -> State:
    """The documents of fresh services after these events, one after the other, or with `dice` some concurrently."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_end_of(bodies, Path(folder), dice))


async def _end_of(bodies: Sequence[bytes], folder: Path, dice: random.Random | None) -> State:
    ends: State = {}
    for name, kinds in CONSUMERS.items():
        world, service = fresh(name, folder)
        await world.store.open(service.kinds)
        if service.start is not None:
            await service.start()
        queue = list(bodies)
        while queue:
            size = dice.randint(1, AT_ONCE) if dice else 1
            await asyncio.gather(*(deliver(service, body) for body in queue[:size]))
            del queue[:size]
        for loop in (*service.loops, *service.loops):  # what the loops would do by themselves
            await loop.run()
        for kind in kinds:
            async for document in world.store.dump(kind):
                ends[f"{name} {kind}/{document['_id']}"] = stripped(document["state"])
        await world.store.close()
    return ends


def fresh(name: str, folder: Path) -> tuple[Resources, Service]:
    """A service without documents, at the end of the year."""
    store, files = SqliteStore(folder / f"{name}.sqlite"), FolderFiles(folder / "files")
    world = Resources(store, files, SqliteBus(folder / "bus.sqlite"), Clock(END), settings_in(folder))
    return world, composer(name)(world)


async def deliver(service: Service, body: bytes) -> None:
    """Call the handlers of each subscription to the event, as its consumer does."""
    event, payload = decode_event(body)
    for each in SUBSCRIPTIONS:
        if each.service == service.name and event.type in each.types:
            await service.handlers[each.purpose][event.type](event, payload)


NUMBERS = {"sequence", "heard", "turn_sequence"}
WHILE_HERE = {"stayed", "left", "scored_turn", "mandatory_filled", "tell", "score"}


def stripped(state: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Without sequence numbers, which may differ; and of an entry whose innovation is withdrawn or elsewhere by now,
    without what only those events say that came while it was there."""
    if isinstance(state, dict):
        gone = "here" in state and (not state["here"] or state["status"] == "withdrawn")
        left_out = NUMBERS | WHILE_HERE if gone else NUMBERS
        return {key: stripped(value) for key, value in state.items() if key not in left_out}
    return [stripped(each) for each in state] if isinstance(state, list) else state


def test_the_year_has_everything_in_it(log: list[bytes], in_order: State) -> None:
    assert types_in(log) >= TAKEN - types_of("endpoint")  # webhooks are no part of a year
    kinds = {key.split("/", maxsplit=1)[0] for key in in_order}
    assert kinds == {f"{name} {kind}" for name, kinds in CONSUMERS.items() for kind in kinds}
    obligations = [state["stands"] for key, state in in_order.items() if " obligation/" in key]
    assert {"fulfilled", "overdue"} <= set(obligations)


def shuffles(most: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A Hypothesis decorator with that many examples, on real files."""
    given_dice = given(st.randoms(use_true_random=False))
    terms = settings(max_examples=most, deadline=None, suppress_health_check=list(HealthCheck))
    return lambda test: terms(given_dice(test))


def shuffled(log: list[bytes], dice: random.Random) -> list[bytes]:
    """Each at least once, many several times, in any order."""
    bodies = [*log, *dice.choices(log, k=dice.randrange(len(log)))]
    dice.shuffle(bodies)
    return bodies


@shuffles(EXAMPLES)
def test_any_shuffle_with_any_duplication_ends_in_the_same_state(
    log: list[bytes], in_order: State, dice: random.Random
) -> None:
    assert end_of(shuffled(log, dice), dice) == in_order


@pytest.mark.soak
@pytest.mark.timeout(1800)
@shuffles(SOAKED)
def test_very_many_shuffles_end_in_the_same_state(log: list[bytes], in_order: State, dice: random.Random) -> None:
    assert end_of(shuffled(log, dice), dice) == in_order


def test_the_newest_of_each_subject_alone_ends_in_the_same_state(log: list[bytes], in_order: State) -> None:
    """This is what a resync sends: an event carries the whole public state of its subject."""

    def newer(last: dict[str, Event], event: Event) -> dict[str, Event]:
        known = last.get(event.subject)
        return last if known and known.number >= event.number else {**last, event.subject: event}

    last: dict[str, Event] = reduce(newer, map(Event.decode, log), {})
    assert end_of([event.encode() for event in last.values()]) == in_order
