"""What a provider reports about a message after it has accepted it: a status of a webhook, or a bounce. Pure.

Receipts come late, twice and in any order, and before our own record of the hand-over. So a receipt only adds facts to
its attempt, each of which has one rule for two values, and the status of the message is derived from the facts.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from services.notifications.messages.answer import AnswerClass
from services.notifications.messages.attempt import Attempt
from services.notifications.messages.message import Message
from services.notifications.messages.outcome import derived
from services.notifications.state import DocumentState, replaced


class ReceiptState(StrEnum):
    """SENT: on its way; DELIVERED: on the person's device or in the mailbox; READ: opened; FAILED: not delivered, or
    returned."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


class Receipt(DocumentState):
    """id: the digest of the status entry; channel: a channel's name; attempt: `<person>/<n>/<k>` when the provider
    returns our id, else empty; provider_id: the provider's id of the message, may be empty; mail: the id in the
    `Message-ID` of a bounced mail, else empty; at: machine milliseconds by the provider's clock; code, answer: of a
    failure."""

    id: str
    channel: str
    attempt: str = ""
    provider_id: str = ""
    mail: str = ""
    state: ReceiptState
    at: int
    code: str = ""
    answer: AnswerClass | None = None


def with_receipt(message: Message, receipt: Receipt, settled_at: datetime) -> Message | None:
    """The message with the receipt; None when it changes nothing, or names no attempt of this message. settled_at:
    business time, for a message that it settles."""
    number = attempt_of(message, receipt)
    if number is None:
        return None
    attempts = tuple(_noted(each, receipt) if each.number == number else each for each in message.attempts)
    if attempts == message.attempts:
        return None
    return derived(replaced(message, attempts=attempts), message, settled_at)


def attempt_of(message: Message, receipt: Receipt) -> int | None:
    """The number of the attempt that the receipt is about; None when it is none of this message."""
    made = [each for each in message.attempts if each.channel == receipt.channel]
    if receipt.attempt:
        person, number, attempt = _parts(receipt.attempt)
        ours = (person, number) == (message.person, message.number)
        return next((each.number for each in made if ours and each.number == attempt), None)
    if receipt.provider_id:
        return next((each.number for each in made if each.provider_id == receipt.provider_id), None)
    if receipt.mail and receipt.mail == message.mail and made:
        return made[-1].number  # all attempts by e-mail have the same Message-ID
    return None


def message_of(attempt: str) -> str | None:
    """The id of the message of an attempt's id; None for a text that is no such id."""
    person, number, _ = _parts(attempt)
    return f"{person}/{number}" if person else None


def _parts(attempt: str) -> tuple[str, int, int]:
    person, _, rest = attempt.partition("/")
    number, _, last = rest.partition("/")
    if not (person and number.isdecimal() and last.isdecimal()):
        return "", 0, 0
    return person, int(number), int(last)


def _noted(attempt: Attempt, receipt: Receipt) -> Attempt:
    match receipt.state:
        case ReceiptState.SENT:
            # proves that the provider accepted it, should our own record be missing
            unknown = attempt.answer in (None, AnswerClass.UNANSWERED)
            return replaced(attempt, answer=AnswerClass.ACCEPTED, code=None) if unknown else attempt
        case ReceiptState.DELIVERED:
            return replaced(attempt, delivered_at=_earliest(attempt.delivered_at, receipt.at))
        case ReceiptState.READ:
            return replaced(attempt, read_at=_earliest(attempt.read_at, receipt.at))
        case ReceiptState.FAILED:
            answer = receipt.answer or AnswerClass.TRANSIENT
            found = (answer is not AnswerClass.RECIPIENT, receipt.at, receipt.code, answer)
            if attempt.failed_answer is not None and attempt.failed_at is not None:
                before = attempt.failed_answer
                known = (before is not AnswerClass.RECIPIENT, attempt.failed_at, attempt.failed_code or "", before)
                found = min(found, known)
            return replaced(attempt, failed_at=found[1], failed_code=found[2], failed_answer=found[3])


def _earliest(known: int | None, found: int) -> int:
    return found if known is None else min(known, found)
