"""What a queue tells about events that may have been lost on the way, and when all of it has been taken."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from shared.contracts.subscriptions import Subscription, subscription
from shared.faults import BusAway, Conflict, QueueMissing
from shared.messaging import queue_losses
from shared.messaging.queue_losses import QueueLosses, depths, require_all_taken
from shared.ports.bus import QueueState

MODEL = subscription("portal.model")


@dataclass
class Queue:
    """A bus with one queue. states: what it tells, or the fault instead, the last one again and again."""

    states: list[QueueState | Exception]
    asked: list[str] = field(default_factory=list)

    async def state(self, asked: Subscription) -> QueueState:
        """As of a bus."""
        self.asked.append(asked.name)
        found = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        if isinstance(found, Exception):
            raise found
        return found


def _losses(*states: QueueState | Exception) -> QueueLosses:
    return QueueLosses(Queue(list(states)), MODEL)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "known", "why"),
    [
        (QueueState(3, 0, dropped=4), 4, ("", None)),
        (QueueState(0, 0, dropped=5), 4, ("its queue has dropped events", 5)),
        (QueueState(0, 2), 0, ("2 events are parked", None)),
        (QueueState(0, 2, full=True), 0, ("its queue is full", None)),
        (QueueMissing("gone"), 0, ("its queue does not exist", None)),
        (BusAway("away"), 0, ("", None)),
    ],
)
async def test_a_loss_is_told_with_its_reason(
    state: QueueState | Exception, known: int, why: tuple[str, int | None]
) -> None:
    losses = _losses(state)
    assert losses.found(await losses.look(), known) == why


async def test_what_was_seen_stays_until_it_is_recorded() -> None:
    losses = _losses(QueueState(0, 0, full=True), QueueState(0, 0))
    await losses.look()
    state = await losses.look()
    assert losses.found(state, 0)[0] == "its queue is full"
    losses.recorded()
    assert losses.found(state, 0) == ("", None)


async def test_what_comes_back_from_a_consumer_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_losses, "SETTLE", 0.0)
    given_back = Queue([QueueState(0, 0), QueueState(1, 0)])
    with pytest.raises(Conflict, match=r"1 events wait in portal\.model"):
        await require_all_taken(given_back, MODEL)  # type: ignore[arg-type]
    empty = Queue([QueueState(0, 0)])
    await require_all_taken(empty, MODEL)  # type: ignore[arg-type]
    assert empty.asked == ["portal.model"] * 2


def test_the_depths_of_a_queue_are_one_line() -> None:
    assert depths(QueueState(3, 1, full=True)) == "3 events wait, 1 are parked; its queue is full"
    assert depths(QueueState(0, 0)) == "0 events wait, 0 are parked"
