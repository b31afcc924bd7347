"""The messages of one queue that consumers of this process hold, kept in memory only.

On the disk is one mark per queue, the highest place handed out. It is written before a message is handed out, once per
batch, so that after an unclean end every message that a handler may have had counts one delivery more.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime

from shared.adapters.sqlite import bus_tables as sql
from shared.clock import machine_ms
from shared.faults import QueueMissing
from shared.ports.bus import Delivery

DELIVERY_LIMIT_REASON = "delivery-limit"


class HeldMessages:
    """places: the `n` of every message that a consumer holds or whose move is not written yet."""

    def __init__(self, queue: str) -> None:
        self.queue = queue
        self.places: set[int] = set()
        self._handled_before: set[int] = set()
        self._marked = 0

    def criteria(self) -> dict[str, str]:
        """What the statements about ready messages need."""
        return {"queue": self.queue, "held": json.dumps(list(self.places))}

    def pick(self, db: sqlite3.Connection, most: int) -> list[Delivery]:
        """Hold the next `most` ready messages, and mark their place; within a write transaction. They may be handed out
        once that is committed (`marked`); if it fails, they are to be given back. Raises QueueMissing."""
        rows = db.execute(sql.READY, {**self.criteria(), "most": most}).fetchall()
        if not rows and db.execute(sql.KNOWN, {"queue": self.queue}).fetchone() is None:
            raise QueueMissing(f"{self.queue} does not exist")
        before = self._handled_before
        picked = [
            Delivery(
                str(n), id, key, body, attempt, moment(first_at), deliveries > 0 or n in before or key == self.queue
            )
            for n, id, key, body, attempt, first_at, deliveries in rows
        ]
        if rows and rows[-1][0] > self._marked:
            db.execute(sql.MARK, {"queue": self.queue, "n": rows[-1][0]})
        self.places.update(row[0] for row in rows)
        return picked

    def marked(self, deliveries: list[Delivery]) -> None:
        """The mark of these is on the disk."""
        self._marked = max(self._marked, *(int(each.tag) for each in deliveries))

    def give_back(self, places: Iterable[int], *, handled: bool) -> None:
        """These are ready again. handled: a handler may have had them, so they come back as redelivered."""
        for n in places:
            self.places.discard(n)
            if handled:
                self._handled_before.add(n)

    def moved(self, n: int) -> None:
        """The message has left the queue."""
        self.places.discard(n)
        self._handled_before.discard(n)


def count_unclean_end(db: sqlite3.Connection, most: int) -> None:
    """Count one delivery more for every message that was handed out before an unclean end, and park those with more
    than `most`. Does nothing after a clean end."""
    for queue, handed in db.execute(sql.MARKED).fetchall():
        marked = {"queue": queue, "handed": handed}
        db.execute(sql.COUNT_DELIVERIES, marked)
        worn_out = {**marked, "most": most}
        db.execute(sql.PARK_WORN_OUT, {**worn_out, "reason": DELIVERY_LIMIT_REASON, "now": machine_ms()})
        db.execute(sql.DROP_WORN_OUT, worn_out)
    db.execute(sql.CLEAR_MARKS)


def moment(milliseconds: int | None) -> datetime | None:
    """Milliseconds since the epoch as an aware datetime in UTC."""
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
