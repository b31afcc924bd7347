"""The delivery history of a message in plain Bahasa Indonesia. Pure. It names no person and no address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from services.notifications.messages.answer import AnswerClass
from services.notifications.messages.attempt import Attempt
from services.notifications.messages.message import Message, MessageStatus
from services.notifications.messages.texts.codes import reason_of
from services.notifications.messages.texts.wording import channel_name


class Step(StrEnum):
    """What happened. QUEUED: put into the queue; HANDED_OVER: an attempt was opened; ACCEPTED: the provider took it;
    NOT_ACCEPTED: the provider did not; UNKNOWN: no answer came; DELIVERED, READ: by a receipt; FAILED: by a receipt or
    a bounce; EXPIRED: given up without a receipt; DROPPED: not sent."""

    QUEUED = "queued"
    HANDED_OVER = "handed-over"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not-accepted"
    UNKNOWN = "unknown"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    EXPIRED = "expired"
    DROPPED = "dropped"


@dataclass(frozen=True)
class HistoryLine:
    """at: None when it is not known; channel: empty for what is about the whole message; sentence: for people."""

    at: datetime | None
    step: Step
    channel: str
    sentence: str


_STATUS = {
    MessageStatus.WAITING: "antre",
    MessageStatus.OPEN: "sedang diserahkan",
    MessageStatus.HELD: "ditahan",
    MessageStatus.SENT: "diserahkan",
    MessageStatus.DELIVERED: "sampai",
    MessageStatus.READ: "dibaca",
    MessageStatus.FAILED: "gagal",
    MessageStatus.UNDELIVERED: "belum terbukti sampai",
    MessageStatus.DROPPED: "tidak dikirim",
}


def status_words(message: Message) -> str:
    """The status for people. A mail that was only handed over is not called delivered."""
    return _STATUS[message.status]


def history(message: Message) -> tuple[HistoryLine, ...]:
    """What happened to the message, in the order of time."""
    lines = [_queued(message)]
    for attempt in message.attempts:
        lines += _attempt_lines(attempt)
    if message.status is MessageStatus.DROPPED:
        sentence = "Tidak dikirim: tidak ada lagi pemberitahuan di dalamnya yang masih berlaku."
        lines.append(HistoryLine(None, Step.DROPPED, "", sentence))
    timed = [(line.at, number) for number, line in enumerate(lines) if line.at is not None]
    order = [number for _, number in sorted(timed)]
    first = [] if lines[0].at else lines[:1]
    last = [line for line in lines[1:] if line.at is None]
    return (*first, *(lines[number] for number in order), *last)


def _queued(message: Message) -> HistoryLine:
    count = len(message.alerts) or len(message.leaving)
    at = _time(message.taken_at) if message.taken_at else None
    return HistoryLine(at, Step.QUEUED, "", f"Masuk antrean dengan {count} pemberitahuan.")


def _attempt_lines(attempt: Attempt) -> Iterator[HistoryLine]:
    """attempt: its hand-over, its answer and its receipts."""
    channel, name = attempt.channel, channel_name(attempt.channel)
    yield HistoryLine(_time(attempt.opened_at), Step.HANDED_OVER, channel, _handed_over(attempt, name))
    if attempt.answer is AnswerClass.ACCEPTED:
        yield HistoryLine(_time(_accepted_at(attempt)), Step.ACCEPTED, channel, f"Diterima penyedia {name}.")
    elif attempt.answer is AnswerClass.UNANSWERED:
        sentence = f"Penyedia {name} tidak menjawab setelah pesan diserahkan; mungkin sudah diterima."
        yield HistoryLine(_time(attempt.closed_at or attempt.lease_until), Step.UNKNOWN, channel, sentence)
    elif attempt.answer is not None:
        sentence = f"Belum diterima: {reason_of(attempt.code, attempt.answer)}."
        yield HistoryLine(_time(attempt.closed_at or attempt.opened_at), Step.NOT_ACCEPTED, channel, sentence)
    if attempt.delivered_at is not None:
        yield HistoryLine(_time(attempt.delivered_at), Step.DELIVERED, channel, f"Sampai melalui {name}.")
    if attempt.read_at is not None:
        yield HistoryLine(_time(attempt.read_at), Step.READ, channel, f"Dibaca penerima di {name}.")
    if attempt.failed_at is not None:
        reason = reason_of(attempt.failed_code, attempt.failed_answer)
        yield HistoryLine(_time(attempt.failed_at), Step.FAILED, channel, f"Gagal sampai: {reason}.")
    if attempt.expired_at is not None:
        sentence = f"Tidak ada tanda terima dari {name} sampai batas waktunya."
        yield HistoryLine(_time(attempt.expired_at), Step.EXPIRED, channel, sentence)


def _accepted_at(attempt: Attempt) -> int:
    """A receipt may be older than our own record of the answer, and proves that the provider had accepted it."""
    known = (attempt.closed_at, attempt.delivered_at, attempt.read_at)
    return max(attempt.opened_at, min((each for each in known if each is not None), default=attempt.opened_at))


def _handed_over(attempt: Attempt, name: str) -> str:
    which = f"Diserahkan kepada penyedia {name} (penyerahan ke-{attempt.number})"
    if attempt.fallback:
        return f"{which}, karena belum ada tanda terima dari saluran lain."
    if attempt.possibly_repeated:
        return f"{which}; mungkin sampai dua kali, karena jawaban atas penyerahan sebelumnya tidak diketahui."
    return f"{which}."


def _time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
