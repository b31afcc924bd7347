"""What the answers of providers, their receipts and time make of a message. Pure.

An answer or a receipt adds facts to an attempt; `derived` reads the status, the next look and what leaves the message
from the facts of all attempts, so that their order does not matter. For each class of the latest answer:

- ACCEPTED: sent. Without receipts that is the end; with them it is looked at again after FALLBACK_AFTER.
- AWAY: waits for its channel; nothing is counted, and what was counted of another channel stays.
- TRANSIENT: tried again after 1, 5, 30, 120 … minutes, and after an hour in all, as long as an alert holds.
- THROTTLED: waits as long as the provider asks.
- RECIPIENT: failed; its alerts leave it, so that another address can be used.
- TEMPLATE, ACCOUNT, BUG: waits; the sender looks for another channel.
- UNANSWERED: repeated when the lease ends; two in a row are given up.
"""

from __future__ import annotations

from datetime import datetime

from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.messages.attempt import Attempt, back_off
from services.notifications.messages.message import (
    NEVER,
    NOT_TOLD,
    TOLD,
    UNSETTLED,
    Message,
    MessageStatus,
    leaving,
)
from services.notifications.state import replaced

FALLBACK_AFTER = 15 * 60 * 1000  # milliseconds without a receipt, after which another channel is used
AWAY_RETRY = 5_000  # milliseconds
THROTTLED_RETRY = 60_000  # milliseconds, when the provider names no time
TRY_ANOTHER = 60 * 60_000  # milliseconds of TRANSIENT answers through one channel, then another is tried
_MS = 1000
_OF_CHANNEL = (AnswerClass.AWAY, AnswerClass.ACCOUNT)  # of the channel alone: nothing counts against the message

NO_RECEIPT = "no-receipt"
NO_ANSWER = "no-answer"


def with_answer(message: Message, number: int, answer: Answer, now: int, settled_at: datetime) -> Message | None:
    """The message after the provider's answer to attempt `number`; None when the attempt has an answer already. An
    unanswered attempt stays open until its lease ends. settled_at: business time, for a message that it settles."""
    attempt = next((each for each in message.attempts if each.number == number), None)
    if attempt is None or attempt.closed_at is not None:
        return None
    unanswered = answer.answer is AnswerClass.UNANSWERED
    if unanswered and attempt.answer is not None:
        return None  # a receipt has answered
    wait = None if answer.wait is None else now + round(answer.wait * _MS)
    accepted = answer.answer is AnswerClass.ACCEPTED
    noted = replaced(
        attempt,
        closed_at=None if unanswered else now,
        answer=answer.answer,
        code=None if accepted else answer.code or None,
        provider_id=answer.provider_id or attempt.provider_id,
        retry_at=wait,
    )
    attempts = tuple(noted if each is attempt else each for each in message.attempts)
    provider_id = answer.provider_id or message.provider_id
    follows = _follows(message, attempts, message, settled_at)
    return replaced(message, attempts=attempts, provider_id=provider_id, **follows)


def given_up(message: Message, now: int, settled_at: datetime) -> Message | None:
    """The message after it was given up, for want of a receipt or of an answer; None when nothing is to give up."""
    if not message.is_due(now):
        return None
    attempts = tuple(
        replaced(each, expired_at=now) if each.awaits_receipt or _open(each) else each for each in message.attempts
    )
    if attempts == message.attempts:
        return None
    return derived(replaced(message, attempts=attempts), message, settled_at)


def derived(after: Message, before: Message, settled_at: datetime) -> Message:
    """`after`, whose attempts have new facts, with what follows from them. before: for what changes only with the
    status."""
    follows = _follows(after, after.attempts, before, settled_at)
    return replaced(after, **follows) if follows else after


def _follows(
    message: Message, attempts: tuple[Attempt, ...], before: Message, settled_at: datetime
) -> dict[str, object]:
    """The fields of `message` that follow from its attempts, which are now these."""
    if not attempts or message.status is MessageStatus.DROPPED:  # a dropped one has no alerts any more
        return {}
    if message.status is MessageStatus.HELD and not any(each.done for each in attempts):
        return {}
    status, due = _status(attempts)
    category = _category(status, attempts)
    kept = before.settled_at if category == _category(before.status, before.attempts) else None
    return {
        "status": status,
        "due": due,
        "failures": len(put_off(attempts)),
        "code": _code(attempts) if status in NOT_TOLD else None,
        "settled_at": (kept or settled_at) if category else None,
        **_alerts_leaving(message, failed=status is MessageStatus.FAILED),
    }


def settles(after: Message, before: Message) -> bool:
    """Whether the change owes an event: the person was told, or was not, and that was not so before; or a second copy
    was accepted."""
    category = _category(after.status, after.attempts)
    again = category == "told" and _accepted(after) > _accepted(before)
    return again or category not in ("", _category(before.status, before.attempts))


def _category(status: MessageStatus, attempts: tuple[Attempt, ...]) -> str:
    """What events say of it. An attempt at a second copy takes back nothing that the first one proved."""
    copying = status in UNSETTLED and any(each.awaits_receipt for each in attempts)
    if status in TOLD or copying:
        return "told"
    return "not-told" if status in NOT_TOLD else ""


def _accepted(message: Message) -> int:
    return sum(each.answer is AnswerClass.ACCEPTED or each.reached for each in message.attempts)


def _status(attempts: tuple[Attempt, ...]) -> tuple[MessageStatus, int]:
    """The status, and the time of the next look."""
    last = attempts[-1]
    if any(each.done for each in attempts):
        return _told(attempts), NEVER
    if _open(last):
        return MessageStatus.OPEN, last.lease_until
    waiting = [each for each in attempts if each.awaits_receipt]
    if waiting:
        return MessageStatus.SENT, _next_look(waiting[-1], last)
    if _ended(attempts):
        expired = any(each.expired_at is not None for each in attempts)
        failed = last.effective is AnswerClass.RECIPIENT and not expired
        return (MessageStatus.FAILED if failed else MessageStatus.UNDELIVERED), NEVER
    return MessageStatus.WAITING, _retry_at(attempts)


def _ended(attempts: tuple[Attempt, ...]) -> bool:
    """Whether nothing more is tried: given up, an address that is wrong, or a mail that came back days later, which is
    not sent there again."""
    last = attempts[-1]
    bounced = last.failed_answer is not None and not last.receipts
    return last.expired_at is not None or last.effective is AnswerClass.RECIPIENT or bounced


def _told(attempts: tuple[Attempt, ...]) -> MessageStatus:
    """The best that is known of an attempt that told the person."""
    reached = [each for each in attempts if each.reached]
    if any(each.read_at is not None for each in reached):
        return MessageStatus.READ
    return MessageStatus.DELIVERED if reached else MessageStatus.SENT


def _next_look(waiting: Attempt, last: Attempt) -> int:
    if waiting.number == last.number:
        return min((waiting.closed_at or waiting.opened_at) + FALLBACK_AFTER, waiting.expires_at)
    return min(_retry_at((last,)), waiting.expires_at)


def _retry_at(attempts: tuple[Attempt, ...]) -> int:
    """When the sender looks for a way to hand it over again after the latest answer."""
    last = attempts[-1]
    match last.effective:
        case AnswerClass.TRANSIENT:
            failed = put_off(attempts)
            again, another = last.ended_at + back_off(len(failed)) * _MS, failed[0].opened_at + TRY_ANOTHER
            return min(again, another) if last.ended_at < another else again
        case AnswerClass.THROTTLED:
            return last.retry_at or last.ended_at + THROTTLED_RETRY
        case AnswerClass.AWAY:
            return last.ended_at + AWAY_RETRY
        case _:
            return last.ended_at


def put_off(attempts: tuple[Attempt, ...]) -> tuple[Attempt, ...]:
    """The TRANSIENT answers in a row, at the end and through one channel, the oldest first; empty unless the last
    answer is one. Hand-overs between them that only found a channel away or stopped are left out."""
    if not attempts or attempts[-1].effective is not AnswerClass.TRANSIENT:
        return ()
    found: list[Attempt] = []
    for each in reversed(attempts):
        if each.effective in _OF_CHANNEL:
            continue
        if each.effective is not AnswerClass.TRANSIENT or each.channel != attempts[-1].channel:
            break
        found.append(each)
    return tuple(reversed(found))


def _open(attempt: Attempt) -> bool:
    return attempt.expired_at is None and attempt.effective in (None, AnswerClass.UNANSWERED)


def _code(attempts: tuple[Attempt, ...]) -> str:
    last = attempts[-1]
    return last.effective_code or (NO_RECEIPT if last.effective is AnswerClass.ACCEPTED else NO_ANSWER)


def _alerts_leaving(message: Message, *, failed: bool) -> dict[str, object]:
    """The fields that change when alerts leave. All leave a message that failed, once; they stay in one that told
    somebody after all, unless they have left it by then."""
    if failed is message.given_back:
        return {}
    ids = [alert.id for alert in message.alerts]
    others = [id for id in message.leaving if id not in ids]
    if failed:
        return {**leaving((*others, *ids)), "given_back": True}
    if len(others) < len(message.leaving):
        return {**leaving(others), "given_back": False}
    return {}
