"""Lists, replays and discards parked messages: what `satu parked` does.

A message is chosen by its id; copies of one event in one parked queue share the id and move together.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shared.contracts.subscriptions import Subscription
from shared.ports.bus import Bus, Parked


@dataclass(frozen=True)
class Selection:
    """Which messages. ids: these (none: all); reason: part of the reason or of the fault's name, in any letter case;
    older_than: parked at least so long ago. All conditions that are given must hold."""

    ids: frozenset[str] = field(default_factory=frozenset)
    reason: str | None = None
    older_than: timedelta | None = None

    @property
    def everything(self) -> bool:
        """Whether it selects all messages: a command then asks for a confirmation."""
        return not self.ids and self.reason is None and self.older_than is None

    def selects(self, parked: Parked, now: datetime) -> bool:
        """Whether it selects this message at machine time `now`. A message without a time counts as old."""
        if self.ids and parked.id not in self.ids:
            return False
        if self.reason is not None and self.reason.casefold() not in f"{parked.fault}: {parked.reason}".casefold():
            return False
        return self.older_than is None or parked.last_at is None or now - parked.last_at >= self.older_than


async def selected(bus: Bus, subscription: Subscription, selection: Selection, now: datetime) -> AsyncIterator[Parked]:
    """The selected messages, in order; they stay parked. Raises QueueMissing, BusAway."""
    async for parked in bus.parked(subscription):
        if selection.selects(parked, now):
            yield parked


async def move(
    bus: Bus,
    subscription: Subscription,
    selection: Selection,
    now: datetime,
    *,
    replay: bool,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Replay the selected messages (back to the queue, with attempt 0) or discard them; how many. dry_run: only count
    them; progress: called with how many are moved so far. Raises QueueMissing, BusAway: what was moved stays moved."""
    ids = [parked.id async for parked in selected(bus, subscription, selection, now)]
    if dry_run:
        return len(ids)
    return await bus.unpark(subscription, frozenset(ids), replay=replay, progress=progress)


def described(parked: Parked) -> dict[str, Any]:
    """The message as plain JSON values; `body` is the event as JSON, or the text `hex:…` of bytes that are no JSON."""
    try:
        body = json.loads(parked.body)
    except ValueError:
        body = f"hex:{parked.body.hex()}"
    return {
        "id": parked.id,
        "reason": parked.reason,
        "fault": parked.fault,
        "attempts": parked.attempt,
        "first_at": _text(parked.first_at),
        "last_at": _text(parked.last_at),
        "body": body,
    }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
