"""One hand-over of a message through one channel: its result, and when the next one may be made.

Sources: RFC 5321 §4.2 (reply codes), RFC 3463 (enhanced codes): 4.x.x may be tried again, 5.1.1 is an unknown address,
5.7.x is a fault of the sender's configuration, any other 5xx is permanent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from services.notifications.state import DocumentState

BACK_OFF = (60, 300, 1800, 7200)  # seconds after the first, second … failure; the last one repeats
GIVE_UP_AFTER = 24 * 3600  # seconds from the first attempt
LEASE = 180  # seconds: longer than the whole timeout of any channel
MOST_UNANSWERED = 2  # unanswered hand-overs in a row, then no further one: the provider has probably taken both

_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_BAD_ADDRESS = "5.1.1"
_POLICY = "5.7."


class Result(StrEnum):
    """The result of a hand-over. TAKEN: the provider has accepted it; LATER: not accepted, may be tried again; REFUSED:
    permanently refused; BAD_ADDRESS: permanently refused, and the address is to be flagged; STOPPED: refused because of
    the channel's own configuration; UNANSWERED: handed over in full, but no answer was received."""

    TAKEN = "taken"
    LATER = "later"
    REFUSED = "refused"
    BAD_ADDRESS = "bad-address"
    STOPPED = "stopped"
    UNANSWERED = "unanswered"


@dataclass(frozen=True)
class AttemptOutcome:
    """code: a stable slug or the provider's code, without its text (which may contain the address)."""

    result: Result
    code: str | None = None


TAKEN = AttemptOutcome(Result.TAKEN)


class Attempt(DocumentState):
    """An attempt as its message stores it. Times are machine milliseconds. closed_at: None while it is open, and for an
    unanswered one; possibly_repeated: an earlier attempt may have been accepted."""

    number: int
    channel: str
    opened_at: int
    lease_until: int
    closed_at: int | None = None
    result: Result | None = None
    code: str | None = None
    possibly_repeated: bool


def enhanced_code(code: int, text: str) -> str:
    """The enhanced status code in a reply, else the basic one."""
    match = _ENHANCED.search(text)
    return match[1] if match else str(code)


def judge_reply(code: int, text: str, *, about_recipient: bool) -> AttemptOutcome:
    """The outcome of a refusal. about_recipient: it answered RCPT or DATA; a permanent refusal of an earlier step
    (greeting, login, MAIL FROM) would affect every message, so it is the channel's fault."""
    status = enhanced_code(code, text)
    if status.startswith("4") or (code < 500 and not status.startswith("5")):  # noqa: PLR2004 - RFC 5321
        return AttemptOutcome(Result.LATER, status)
    if status == _BAD_ADDRESS and about_recipient:
        return AttemptOutcome(Result.BAD_ADDRESS, status)
    if status.startswith(_POLICY) or not about_recipient:
        return AttemptOutcome(Result.STOPPED, status)
    return AttemptOutcome(Result.REFUSED, status)


def back_off(failures: int) -> int:
    """Seconds to wait after that many failures (at least one)."""
    return BACK_OFF[min(failures, len(BACK_OFF)) - 1]
