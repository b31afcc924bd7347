"""What became of one hand-over, and what follows from it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from services.feed.endpoints.schedule import is_exhausted


class Failure(StrEnum):
    """Why there was no answer. NOT_ALLOWED: the host has an address that may not be sent to; NO_ANSWER: it was
    connected to, and then said nothing that is HTTP."""

    NOT_RESOLVED = "not-resolved"
    NOT_ALLOWED = "not-allowed"
    NO_CONNECTION = "no-connection"
    TLS = "tls"
    TIMEOUT = "timeout"
    NO_ANSWER = "no-answer"


_EVENT_WAS_SENT = (Failure.TIMEOUT, Failure.NO_ANSWER)


@dataclass(frozen=True)
class Outcome:
    """status: of the answer, None without one, and then `failure` says why; retry_after: seconds that the receiver
    asked for; took: milliseconds."""

    status: int | None = None
    failure: Failure | None = None
    retry_after: float | None = None
    took: int = 0

    @property
    def is_accepted(self) -> bool:
        """Whether the receiver has the event: any status from 200 to 299."""
        return self.status is not None and HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants no more."""
        return self.status == HTTPStatus.GONE


class Move(StrEnum):
    """ADVANCE: the cursor moves behind the event; DISABLE: the receiver is gone; TRY_NEXT: perhaps it is this event
    that the receiver cannot take: see whether it takes the next one; WAIT: for the next attempt."""

    ADVANCE = "advance"
    DISABLE = "disable"
    TRY_NEXT = "try-next"
    WAIT = "wait"


def move_after(outcome: Outcome, failures: int) -> Move:
    """What follows from a hand-over of what stands next. failures: in a row before it.

    An event is passed over only when the receiver takes the next one in its stead. That is tried once the short steps
    of the schedule are used up (after about eight hours), at every attempt from then on, and only if the event may have
    reached the receiver. So a receiver that is down loses nothing, however long, and one bad event holds up the others
    for hours, not for ever."""
    if outcome.is_accepted:
        return Move.ADVANCE
    if outcome.is_gone:
        return Move.DISABLE
    reached = outcome.status is not None or outcome.failure in _EVENT_WAS_SENT
    return Move.TRY_NEXT if reached and is_exhausted(failures + 1) else Move.WAIT
