"""One message to one person: its alerts, its attempts and its final status. Pure state transitions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum

from services.notifications.messages.attempt import (
    GIVE_UP_AFTER,
    LEASE,
    MOST_UNANSWERED,
    Attempt,
    AttemptOutcome,
    Result,
    back_off,
)
from services.notifications.state import Bit, DocumentState, replaced
from shared.contracts.contract import AnyContract, Payload
from shared.contracts.message import ALERT_FAILED, ALERT_SENT, Alert, AlertFailed, AlertSent

NEVER = 2**53 - 1  # a `due` that does not come
_MS = 1000


class MessageStatus(StrEnum):
    """WAITING: for its next attempt; OPEN: an attempt is open, possibly since a crash; HELD: restored from a backup,
    the operator decides; SENT, FAILED, DROPPED: final (dropped: none of its alerts was true any more)."""

    WAITING = "waiting"
    OPEN = "open"
    HELD = "held"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


UNSETTLED = (MessageStatus.WAITING, MessageStatus.OPEN)


class MessageContent(DocumentState):
    """What a message contains. leaving: ids of alerts that were removed from the message, or were not delivered by it,
    and must still be released from the alert log."""

    person: str
    number: int
    region: str
    alerts: tuple[Alert, ...]
    leaving: tuple[str, ...] = ()


class Message(MessageContent):
    """as_of: the local day that its alerts are due on; mail: the id in the mail's `Message-ID`; release: whether
    `leaving` has any (indexed); due: machine milliseconds at which the sender looks at it next; trying_since: of the
    first attempt; failures: temporary ones. Transitions return None for no change."""

    as_of: date
    mail: str
    release: Bit = False
    status: MessageStatus = MessageStatus.WAITING
    due: int
    trying_since: int | None = None
    failures: int = 0
    possibly_repeated: bool = False
    attempts: tuple[Attempt, ...] = ()
    settled_at: datetime | None = None
    code: str | None = None

    def is_due(self, now: int) -> bool:
        """Whether an attempt may be opened: its time has come, or the lease of the open one has ended."""
        return self.status in UNSETTLED and self.due <= now

    def open_attempt(self, channel: str, current: Collection[str], now: int) -> Message | None:
        """The message with a new attempt and only the alerts whose ids are in `current`; dropped when none is. None
        when it is not due, because another process was faster. An attempt that is still open is repeated: its result is
        unknown."""
        if not self.is_due(now):
            return None
        kept = tuple(alert for alert in self.alerts if alert.id in current)
        lighter = replaced(_leaving(self, [alert.id for alert in self.alerts if alert.id not in current]), alerts=kept)
        if not kept:
            return replaced(lighter, status=MessageStatus.DROPPED, due=NEVER)
        repeated = self.possibly_repeated or self.status is MessageStatus.OPEN
        attempt = Attempt(
            number=len(self.attempts) + 1,
            channel=channel,
            opened_at=now,
            lease_until=now + LEASE * _MS,
            possibly_repeated=repeated,
        )
        return replaced(
            lighter,
            status=MessageStatus.OPEN,
            due=attempt.lease_until,
            trying_since=self.trying_since or now,
            possibly_repeated=repeated,
            attempts=(*self.attempts, attempt),
        )

    def close_attempt(self, number: int, outcome: AttemptOutcome, now: int, settled_at: datetime) -> Message | None:
        """The message after attempt `number`; None when that attempt is no longer the open one (its lease ended and it
        was repeated). An unanswered attempt stays open until its lease ends and is then repeated."""
        if self.status is not MessageStatus.OPEN or len(self.attempts) != number:
            return None
        closed = _with_last_attempt(self, closed_at=now, result=outcome.result, code=outcome.code)
        match outcome.result:
            case Result.TAKEN:
                after = _settled(closed, MessageStatus.SENT, None, settled_at)
            case Result.REFUSED:
                after = _settled(closed, MessageStatus.FAILED, outcome.code, settled_at)
            case Result.BAD_ADDRESS:
                # no person was reached: the alerts become due again once the address is corrected
                undelivered = _leaving(closed, [alert.id for alert in self.alerts])
                after = _settled(undelivered, MessageStatus.FAILED, outcome.code, settled_at)
            case Result.STOPPED:
                after = replaced(closed, status=MessageStatus.WAITING, due=now + back_off(2) * _MS, trying_since=None)
            case Result.UNANSWERED:
                after = _unanswered(self, outcome, settled_at)
            case Result.LATER:
                after = _tried_later(closed, outcome, now, settled_at)
        return after

    def released(self, ids: Collection[str]) -> Message | None:
        """The message once the alert log has released those alerts."""
        if not self.release:
            return None
        rest = tuple(id for id in self.leaving if id not in ids)
        return replaced(self, leaving=rest, release=bool(rest))

    def put_on_hold(self) -> Message | None:
        """A restored message that may have been sent after the backup: no attempts until the operator decides."""
        return replaced(self, status=MessageStatus.HELD, due=NEVER) if self.status in UNSETTLED else None

    def resume(self, now: int) -> Message | None:
        """A held message, to be sent after all. If an attempt was open, the next may be a repetition."""
        if self.status is not MessageStatus.HELD:
            return None
        attempt_open = bool(self.attempts) and self.attempts[-1].closed_at is None
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
        """The contract and payload of a sent or failed message; None for any other."""
        if self.status not in (MessageStatus.SENT, MessageStatus.FAILED):
            return None
        contract, payload = (
            (ALERT_SENT, AlertSent) if self.status is MessageStatus.SENT else (ALERT_FAILED, AlertFailed)
        )
        fields = ("person", "number", "region", "alerts", "possibly_repeated", "settled_at", "code")
        values = {name: getattr(self, name) for name in fields}
        attempts = {"channel": self.attempts[-1].channel, "attempts": len(self.attempts)}
        return contract, payload.model_validate(values | attempts)


def _with_last_attempt(message: Message, **fields: object) -> Message:
    last = replaced(message.attempts[-1], **fields)
    return replaced(message, attempts=(*message.attempts[:-1], last))


def _settled(message: Message, status: MessageStatus, code: str | None, settled_at: datetime) -> Message:
    return replaced(message, status=status, code=code, due=NEVER, settled_at=settled_at)


def _leaving(message: Message, alerts: list[str]) -> Message:
    leaving = (*message.leaving, *alerts)
    return replaced(message, leaving=leaving, release=bool(leaving))


def _unanswered(message: Message, outcome: AttemptOutcome, settled_at: datetime) -> Message:
    noted = _with_last_attempt(message, result=outcome.result, code=outcome.code)
    latest = noted.attempts[-MOST_UNANSWERED:]
    if len(latest) == MOST_UNANSWERED and all(each.result is Result.UNANSWERED for each in latest):
        return _settled(noted, MessageStatus.FAILED, outcome.code, settled_at)
    return noted


def _tried_later(message: Message, outcome: AttemptOutcome, now: int, settled_at: datetime) -> Message:
    if message.trying_since is None or now - message.trying_since >= GIVE_UP_AFTER * _MS:
        return _settled(message, MessageStatus.FAILED, outcome.code, settled_at)
    failures = message.failures + 1
    return replaced(message, status=MessageStatus.WAITING, failures=failures, due=now + back_off(failures) * _MS)
