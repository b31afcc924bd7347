"""The response bodies about messages. None of them has a name, an address or a text in full."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Self

from pydantic import BaseModel, Field

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.masking import masked_email, masked_name, masked_phone
from services.notifications.messages.attempt import Attempt
from services.notifications.messages.history import HistoryLine, history, status_words
from services.notifications.messages.message import Message
from services.notifications.messages.next_step import next_step
from services.notifications.messages.texts.reasons import reason_words
from shared.contracts.message import Alert
from shared.contracts.vocabulary import Zone


class AttemptAnswer(BaseModel):
    """One hand-over. result: the class of the provider's answer, null while it is open; code: the provider's, or a slug
    of this service, also of a failure that was reported later; fallback: a second copy, because no receipt came from
    the other channel; delivered_at, read_at, failed_at: by receipts; template: `name@version` of its text."""

    number: int
    channel: str
    driver: str
    opened_at: datetime
    closed_at: datetime | None
    result: str | None
    code: str | None
    possibly_repeated: bool
    fallback: bool
    template: str
    delivered_at: datetime | None
    read_at: datetime | None
    failed_at: datetime | None

    @classmethod
    def of(cls, attempt: Attempt) -> Self:
        """From the stored attempt, whose times are milliseconds."""
        return cls(
            number=attempt.number,
            channel=attempt.channel,
            driver=attempt.driver,
            opened_at=time_of(attempt.opened_at),
            closed_at=_maybe(attempt.closed_at),
            result=attempt.answer,
            code=attempt.failed_code or attempt.code,
            possibly_repeated=attempt.possibly_repeated,
            fallback=attempt.fallback,
            template=attempt.template,
            delivered_at=_maybe(attempt.delivered_at),
            read_at=_maybe(attempt.read_at),
            failed_at=_maybe(attempt.failed_at),
        )


class RecipientAnswer(BaseModel):
    """Whom a message is for, masked (UU 27/2022). address: of the last attempt's channel, empty when the contact has
    another one by now."""

    name: str = Field(examples=["B••• S•••"])
    address: str = Field(examples=["b•••@dinas.example"])

    @classmethod
    def of(cls, message: Message, contact: Contact | None) -> Self | None:
        """None for a contact that is gone or erased."""
        if contact is None or contact.erased:
            return None
        last = message.last
        known = last is not None and last.channel in set(ChannelName)
        number = contact.record(ChannelName(last.channel)).number if last and known else 0
        changed = last is not None and not last.went_to(number, contact.address_revision)
        return cls(name=masked_name(contact.name), address="" if changed else masked_address(message, contact))


class MessageAnswer(BaseModel):
    """One message to one person, without name, address and text. number: the n of `message/<person>/<n>`; status_words,
    reasons: for people; queued_at: null when it is not known; recipient: null when the contact was erased."""

    person: str
    number: int
    region: str
    status: str
    status_words: str = Field(examples=["sampai"])
    alerts: list[Alert]
    reasons: list[str] = Field(examples=[["Pengingat 14 hari sebelum tenggat"]])
    attempts: list[AttemptAnswer]
    recipient: RecipientAnswer | None
    possibly_repeated: bool
    queued_at: datetime | None
    settled_at: datetime | None
    code: str | None

    @classmethod
    def of(cls, message: Message, contact: Contact | None = None) -> Self:
        """From the stored message and its contact."""
        return cls(**_fields(message, contact))


class HistoryAnswer(BaseModel):
    """One line of a delivery history. at: null when it is not known; step: a stable slug; sentence: for people."""

    at: datetime | None
    step: str
    channel: str
    sentence: str

    @classmethod
    def of(cls, line: HistoryLine) -> Self:
        """The same line."""
        return cls(at=line.at, step=line.step, channel=line.channel, sentence=line.sentence)


class MessageDetailAnswer(MessageAnswer):
    """A message with its delivery history and what happens next, in Bahasa Indonesia."""

    history: list[HistoryAnswer]
    next: str

    @classmethod
    def with_history(cls, message: Message, contact: Contact | None, zone: Zone) -> Self:
        """zone: of the times in sentences."""
        lines = [HistoryAnswer.of(line) for line in history(message)]
        return cls(**_fields(message, contact), history=lines, next=next_step(message, zone))


class Messages(BaseModel):
    """A page of messages."""

    items: list[MessageAnswer]
    next: str | None


def masked_address(message: Message, contact: Contact) -> str:
    """The contact's address for the channel of the last attempt, or for its preferred one; empty when it has none."""
    channel = message.last.channel if message.last else contact.preferred
    if channel == ChannelName.EMAIL:
        return masked_email(contact.email) if contact.email else ""
    return masked_phone(contact.phone) if contact.phone else ""


def time_of(milliseconds: int) -> datetime:
    """The machine time."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _maybe(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else time_of(milliseconds)


def _fields(message: Message, contact: Contact | None) -> dict[str, object]:
    return {
        "person": message.person,
        "number": message.number,
        "region": message.region,
        "status": message.status,
        "status_words": status_words(message),
        "alerts": list(message.alerts),
        "reasons": [reason_words(alert.reason) for alert in message.alerts],
        "attempts": [AttemptAnswer.of(each) for each in message.attempts],
        "recipient": RecipientAnswer.of(message, contact),
        "possibly_repeated": message.possibly_repeated,
        "queued_at": time_of(message.taken_at) if message.taken_at else None,
        "settled_at": message.settled_at,
        "code": message.code,
    }
