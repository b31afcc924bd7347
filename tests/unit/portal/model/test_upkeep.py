"""Whether the read model knows that it lacks something, and how fresh it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from services.portal.model.upkeep.mark import Marks
from services.portal.model.upkeep.reset import reset
from services.portal.model.upkeep.upkeep import Upkeep
from services.portal.model.views.freshness import Freshness
from shared.clock import Clock
from shared.contracts.subscriptions import Subscription, subscription
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import BusAway, QueueMissing
from shared.ports.bus import QueueState
from tests.support.portal_model.events import innovation
from tests.support.portal_model.told import Told

TAKEN = subscription("portal.model")


@dataclass
class Queue:
    """A bus with one queue. found: its state, or the fault instead."""

    found: QueueState | Exception = field(default_factory=lambda: QueueState(0, 0))

    async def state(self, _: Subscription) -> QueueState:
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


def upkeep_of(told: Told, queue: Queue) -> tuple[Upkeep, Marks]:
    marks = Marks(told.store)
    return Upkeep(marks, queue, TAKEN), marks  # type: ignore[arg-type]


async def test_it_is_being_built_until_it_was_filled_and_fresh_when_nothing_waits(told: Told) -> None:
    queue = Queue(QueueState(3, 0))
    upkeep, _ = upkeep_of(told, queue)
    assert await upkeep.wanted()

    await upkeep.run()
    assert (upkeep.freshness.building, upkeep.freshness.as_of) == (True, None)
    queue.found = QueueState(0, 0)
    assert await upkeep.filled()

    assert not await upkeep.wanted()
    assert not upkeep.freshness.building
    assert upkeep.freshness.as_of is not None


@pytest.mark.parametrize(
    "found", [QueueMissing("portal.model"), QueueState(5, 0, full=True), QueueState(0, 2), QueueState(0, 0, dropped=7)]
)
async def test_what_its_queue_may_have_lost_is_wanted_again(told: Told, found: QueueState | Exception) -> None:
    queue = Queue()
    upkeep, _ = upkeep_of(told, queue)
    await upkeep.filled()

    queue.found = found
    await upkeep.look()

    assert await upkeep.wanted()
    assert upkeep.freshness.building


async def test_a_bus_that_is_away_loses_nothing_and_it_grows_no_fresher(told: Told) -> None:
    queue = Queue()
    upkeep, _ = upkeep_of(told, queue)
    await upkeep.filled()
    before = upkeep.freshness

    queue.found = BusAway("gone")
    await upkeep.run()

    assert upkeep.freshness == before
    assert not await upkeep.wanted()


async def test_it_is_not_filled_while_a_reset_empties_it(told: Told) -> None:
    upkeep, marks = upkeep_of(told, Queue())
    await upkeep.filled()
    await told.tell(innovation("a", InnovationStatus.VERIFIED, 1))

    await marks.empty()  # as a reset that was killed leaves it

    assert not await upkeep.wanted()
    assert not await upkeep.filled()
    await reset(told.store, marks)
    assert await upkeep.wanted()
    assert await told.model.innovation("a") is None


def test_what_is_shown_is_as_old_by_the_time_that_a_demo_is_set_to() -> None:
    clock = Clock(datetime(2025, 11, 3, 9, 0, tzinfo=UTC))
    shown = Freshness(building=False, as_of=Clock.machine() - timedelta(minutes=7)).in_business_time(clock)

    assert shown.as_of is not None
    assert timedelta(minutes=7) <= clock.now() - shown.as_of < timedelta(minutes=8)
    assert shown.as_of.year == 2025
    assert Freshness(building=True, as_of=None).in_business_time(clock).as_of is None
