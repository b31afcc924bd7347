"""One message of the naive recomputation, and what was handed over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.support.year.due import Reason
from tests.support.year.provider import LaterReceipt

FALLBACK_AFTER = timedelta(minutes=15)
TTL = timedelta(hours=12)
UNDELIVERED_AFTER = TTL + timedelta(hours=1)


@dataclass(frozen=True, order=True)
class Handed:
    """One reason handed over to one person. refused: the provider does not know the address; fallback: a further
    attempt of the same message through the other channel; waited: for a provider that was away or busy; bounced: taken,
    and later reported as an unknown recipient."""

    person: str
    revision: int
    reason: Reason
    channel: str
    at: datetime
    refused: bool = False
    fallback: bool = False
    waited: bool = False
    bounced: bool = False


@dataclass
class Attempt:
    """One accepted hand-over. revision: of the person's addresses; receipt: what the provider will report; heard: the
    report has come; told, failed: what it proved."""

    channel: str
    address: str
    at: datetime
    receipt: LaterReceipt | None
    revision: int = 1
    heard: bool = False
    told: bool = False
    failed: bool = False


@dataclass
class Mail:
    """status: waiting (for a channel), awaiting (a receipt), done, undelivered, failed, dropped; looks: for another
    channel, without finding one; busy: how often in a row busy_channel has put it off; retry_at: until then it
    rests."""

    person: str
    revision: int
    region: str
    reasons: list[Reason]
    taken_at: datetime
    status: str = "waiting"
    attempts: list[Attempt] = field(default_factory=list)
    fell_back: bool = False
    looks: int = 0
    waited: bool = False
    busy_since: datetime | None = None
    busy_channel: str = ""
    busy: int = 0
    retry_at: datetime | None = None

    @property
    def hopes(self) -> bool:
        """A report may still come."""
        return any(each.receipt and not each.heard for each in self.attempts)


Post = dict[tuple[str, int, Reason], Mail]
"""Person, address revision and reason of every alert that is in a message."""
