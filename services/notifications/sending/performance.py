"""Measures how long hand-overs take from the moment at which a message is due, and keeps the figures of each day."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.notifications.messages.answer import AnswerClass
from services.notifications.messages.attempt import Attempt
from services.notifications.messages.message import Message
from services.notifications.obligations.deadlines import local_date
from services.notifications.sending.histogram import DayHistogram
from services.notifications.sending.repositories import performance_repository
from shared.clock import Clock
from shared.contracts.vocabulary import Zone
from shared.ports.store import Store


@dataclass
class Taken:
    """The hand-overs of one batch. took: milliseconds of those that nothing deferred; deferred: reason → how many."""

    took: list[int] = field(default_factory=list)
    deferred: dict[str, int] = field(default_factory=dict)

    def add(self, message: Message, attempt: Attempt, *, live_since: int, paced: bool) -> None:
        """Add an attempt, if it was the message's first that a provider accepted. live_since: machine milliseconds from
        which on messages were sent at all; paced: whether the provider's limit was lower than the queue."""
        accepted = [each.number for each in message.attempts if each.answer is AnswerClass.ACCEPTED]
        if not message.due_since or attempt.closed_at is None or accepted[:1] != [attempt.number]:
            return
        reason = message.deferred or ("mode" if live_since > message.due_since else "pace" if paced else "")
        if reason:
            self.deferred[reason] = self.deferred.get(reason, 0) + 1
        else:
            self.took.append(max(0, attempt.closed_at - message.due_since))


class Performance:
    """The figures of each day, one write for each batch."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._days = performance_repository(store)
        self._clock = clock

    async def add(self, taken: Taken) -> None:
        """Add a batch to today's figures (days of Western Indonesia)."""
        if not taken.took and not taken.deferred:
            return
        day = local_date(self._clock.now(), Zone.WIB).isoformat()

        def decide(before: DayHistogram | None) -> tuple[DayHistogram, None] | None:
            after = (before or DayHistogram()).with_more(taken.took, taken.deferred)
            return None if after is None else (after, None)

        await self._days.change(day, decide)
