"""One message to one person: its alerts, its attempts and its status. Pure state transitions.

What the answers and receipts of its attempts mean is in `outcome.py`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self, TypeVar

from services.notifications.messages.answer import AnswerClass
from services.notifications.messages.attempt import LEASE, MOST_KEPT, Attempt
from services.notifications.messages.index import through_of, whats_of, with_channel
from services.notifications.state import Bit, DocumentState, replaced
from shared.contracts.contract import AnyContract, Payload
from shared.contracts.message import ALERT_FAILED, ALERT_SENT, Alert, AlertFailed, AlertSent

NEVER = 2**53 - 1  # a `due` that does not come
_MS = 1000

M = TypeVar("M", bound="Message")


class MessageStatus(StrEnum):
    """WAITING: for its next attempt; OPEN: an attempt is open, possibly since a crash; HELD: restored from a backup,
    the operator decides; SENT: accepted by a provider, which may still report whether it was delivered; DELIVERED,
    READ: reported so; FAILED: the address does not exist; UNDELIVERED: given up without knowing whether it arrived;
    DROPPED: none of its alerts was true any more."""

    WAITING = "waiting"
    OPEN = "open"
    HELD = "held"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNDELIVERED = "undelivered"
    DROPPED = "dropped"


UNSETTLED = (MessageStatus.WAITING, MessageStatus.OPEN)
LOOKED_AT = (*UNSETTLED, MessageStatus.SENT)
"""While a message has one of these, the sender looks at it when it is due."""
TOLD = (MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.READ)
NOT_TOLD = (MessageStatus.FAILED, MessageStatus.UNDELIVERED)


@dataclass(frozen=True)
class Via:
    """How an attempt is made; the fields are those of `Attempt`."""

    channel: str
    driver: str = ""
    receipts: bool = False
    fallback: bool = False
    address_revision: int = 1
    address_number: int = 0
    ttl: int | None = None
    template: str = ""


class MessageContent(DocumentState):
    """What a message contains. leaving: ids of alerts that were removed from the message, or were not delivered by it,
    and must still be released from the alert log."""

    person: str
    number: int
    region: str
    alerts: tuple[Alert, ...]
    leaving: tuple[str, ...] = ()


class Message(MessageContent):
    """as_of: the local day that its alerts are due on; mail: the id in the mail's `Message-ID`; taken_at: machine
    milliseconds at which the alert log took it, 0 when that is not known; due_since: when it was due, after quiet hours
    and caps, 0 when not known; deferred: why that is later than it was taken (`quiet`), else empty; release: whether
    `leaving` has any (indexed); due: machine milliseconds at which the sender looks at it next; trying_since: of the
    first attempt; failures: see `outcome.put_off`; provider_id: of the attempt that was accepted last with one
    (indexed); given_back: its alerts have left it because it failed; what_1, what_2, through: for queries by
    reason and channel, see `index.py` (indexed). Transitions return None for no change."""

    as_of: date
    mail: str
    taken_at: int = 0
    due_since: int = 0
    deferred: str = ""
    release: Bit = False
    status: MessageStatus = MessageStatus.WAITING
    due: int
    trying_since: int | None = None
    failures: int = 0
    possibly_repeated: bool = False
    attempts: tuple[Attempt, ...] = ()
    settled_at: datetime | None = None
    code: str | None = None
    provider_id: str | None = None
    given_back: bool = False
    what_1: str = ""
    what_2: str = ""
    through: str = ""

    @classmethod
    def of(cls, **fields: Any) -> Self:  # noqa: ANN401 - fields by name
        """A message with these fields, and what its indexes need."""
        return indexed(cls(**fields))

    @property
    def done(self) -> bool:
        """Whether the person was told: accepted by a channel without receipts, or reported delivered or read."""
        return any(each.done for each in self.attempts)

    @property
    def last(self) -> Attempt | None:
        """The latest attempt."""
        return self.attempts[-1] if self.attempts else None

    @property
    def repeats(self) -> bool:
        """Whether another attempt may be a second copy: an earlier one was accepted, or may have been."""
        open_or_taken = (None, AnswerClass.UNANSWERED, AnswerClass.ACCEPTED)
        return any(each.effective in open_or_taken for each in self.attempts)

    def is_due(self, now: int) -> bool:
        """Whether the sender must look at it: its time has come, the lease of the open attempt has ended, or a receipt
        is overdue."""
        return self.status in LOOKED_AT and self.due <= now

    def open_attempt(self, via: Via, current: Collection[str], now: int) -> Message | None:
        """The message with a new attempt and only the alerts whose ids are in `current`; dropped when none is. None
        when it is not due, because another process was faster. An attempt that is still open is repeated: its result is
        unknown. A message that may have been accepted keeps all its alerts."""
        if not self.is_due(now):
            return None
        gone = [] if self.repeats and current else [alert.id for alert in self.alerts if alert.id not in current]
        kept = tuple(alert for alert in self.alerts if alert.id not in gone)
        lighter = self
        if gone:
            whats = whats_of(each.reason.what for each in kept)
            lighter = replaced(with_leaving(self, (*self.leaving, *gone)), alerts=kept, **whats)
        if not kept:
            return replaced(lighter, status=MessageStatus.DROPPED, due=NEVER)
        last = self.last
        may_be_repeated = self.possibly_repeated or (
            last is not None and last.effective in (None, AnswerClass.UNANSWERED)
        )
        attempt = Attempt(
            number=last.number + 1 if last else 1,
            channel=via.channel,
            driver=via.driver,
            address_revision=via.address_revision,
            address_number=via.address_number,
            opened_at=now,
            lease_until=now + LEASE * _MS,
            possibly_repeated=may_be_repeated,
            fallback=via.fallback,
            receipts=via.receipts,
            ttl=via.ttl,
            template=via.template,
        )
        return replaced(
            lighter,
            status=MessageStatus.OPEN,
            due=attempt.lease_until,
            trying_since=self.trying_since or now,
            possibly_repeated=may_be_repeated,
            attempts=(*_kept(self.attempts, via.channel), attempt),
            through=with_channel(self.through, via.channel),
        )

    def look_again(self, due: int, now: int, deferred: str = "") -> Message | None:
        """The message, to be looked at again at `due`: nothing can be done for it before. deferred: why nothing is
        wanted before; then it counts as due from that moment on."""
        if not self.is_due(now) or due <= now:
            return None
        later = replaced(self, due=due)
        return (
            replaced(later, due_since=due, deferred=deferred)
            if deferred and self.due_since and not self.repeats
            else later
        )

    def released(self, ids: Collection[str]) -> Message | None:
        """The message once the alert log has released those alerts."""
        if not self.release:
            return None
        return with_leaving(self, tuple(id for id in self.leaving if id not in ids))

    def put_on_hold(self) -> Message | None:
        """A restored message that may have been sent after the backup: no attempts until the operator decides."""
        return replaced(self, status=MessageStatus.HELD, due=NEVER) if self.status in UNSETTLED else None

    def resume(self, now: int) -> Message | None:
        """A held message, to be sent after all. If an attempt was open, the next may be a repetition."""
        if self.status is not MessageStatus.HELD:
            return None
        attempt_open = self.last is not None and self.last.closed_at is None
        return replaced(
            self,
            status=MessageStatus.WAITING,
            due=now,
            trying_since=None,
            possibly_repeated=self.possibly_repeated or attempt_open,
        )

    def discard(self) -> Message | None:
        """A held message, never to be sent; its alerts stay in the alert log."""
        return replaced(self, status=MessageStatus.DROPPED, due=NEVER) if self.status is MessageStatus.HELD else None

    def event(self) -> tuple[AnyContract, Payload] | None:
        """The contract and payload of a message that was sent or has failed; None for any other."""
        if self.status not in (*TOLD, *NOT_TOLD) or self.last is None:
            return None
        contract, payload = (ALERT_SENT, AlertSent) if self.status in TOLD else (ALERT_FAILED, AlertFailed)
        fields = ("person", "number", "region", "alerts", "possibly_repeated", "settled_at", "code")
        values = {name: getattr(self, name) for name in fields}
        attempts = {"channel": self.last.channel, "attempts": self.last.number}
        return contract, payload.model_validate(values | attempts)


def indexed(message: M) -> M:
    """The message with what its indexes need."""
    whats = whats_of(alert.reason.what for alert in message.alerts)
    return replaced(message, **whats, through=through_of(each.channel for each in message.attempts))


def with_leaving(message: Message, ids: Collection[str]) -> Message:
    """The message with these alerts (ids) to be released."""
    return replaced(message, **leaving(ids))


def leaving(ids: Collection[str]) -> dict[str, object]:
    """The fields of a message with these alerts (ids) to be released."""
    return {"leaving": tuple(ids), "release": bool(ids)}


def _kept(attempts: tuple[Attempt, ...], channel: str) -> tuple[Attempt, ...]:
    """The attempts that stay beside a new one through `channel`: of those that found the provider away in a row only
    the first and the last, and at most MOST_KEPT - 1, of which the first ones that told nobody go."""
    away = [each.answer is AnswerClass.AWAY and each.channel == channel for each in attempts]
    if len(away) > 2 and all(away[-3:]):  # noqa: PLR2004 - first, middle, last
        attempts = (*attempts[:-2], attempts[-1])
    if len(attempts) < MOST_KEPT:
        return attempts
    settled = next((each for each in attempts[1:] if not _may_be_accepted(each)), None)
    return tuple(each for each in attempts if each is not settled)


def _may_be_accepted(attempt: Attempt) -> bool:
    return attempt.effective in (None, AnswerClass.UNANSWERED, AnswerClass.ACCEPTED)
