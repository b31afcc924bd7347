"""One hand-over of a message through one channel: what came of it, and when the next may be made.

Sources: RFC 5321 §4.2 (reply codes), RFC 3463 (enhanced codes): 4.x.x may be tried again, 5.1.1 is a bad address,
5.7.x is a fault of the sender's set-up, any other 5xx is for good.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

BACK_OFF = (60, 300, 1800, 7200)  # seconds after the first, second … failure; the last one again and again
GIVE_UP_AFTER = 24 * 3600  # seconds from the first attempt
LEASE = 180  # seconds: longer than the whole timeout of any channel
MOST_UNANSWERED = 2  # hand-overs in a row after which the provider is not asked again: it has probably taken both

_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_BAD_ADDRESS = "5.1.1"
_POLICY = "5.7."


class Result(StrEnum):
    """What came of a hand-over. TAKEN: the provider has it; LATER: not taken, may be tried again; REFUSED: not taken,
    for good; BAD_ADDRESS: not taken, and the address is to be flagged; STOPPED: not taken, the channel itself is at
    fault; UNANSWERED: handed over in full, and the answer never came."""

    TAKEN = "taken"
    LATER = "later"
    REFUSED = "refused"
    BAD_ADDRESS = "bad-address"
    STOPPED = "stopped"
    UNANSWERED = "unanswered"


@dataclass(frozen=True)
class AttemptOutcome:
    """code: a stable slug or the provider's code, without its text (which may name the address)."""

    result: Result
    code: str | None = None


TAKEN = AttemptOutcome(Result.TAKEN)


def enhanced_code(code: int, text: str) -> str:
    """The enhanced status code in a reply, else the basic one."""
    match = _ENHANCED.search(text)
    return match[1] if match else str(code)


def judge_reply(code: int, text: str, *, about_recipient: bool) -> AttemptOutcome:
    """The outcome of a refusal. about_recipient: it answered RCPT or DATA; a permanent refusal of anything before them
    (greeting, login, MAIL FROM) would meet every message alike, so the channel is at fault."""
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
