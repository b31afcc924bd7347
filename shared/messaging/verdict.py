"""What becomes of a message: a pure function of what went wrong, how often, and how long the ladder is.

Three kinds of trouble, three ways. *This message* (a handler's fault): the next rung, in the end parked. *The world*
(bus, store, files away; too much owed): wait, and never count it against the message. *Unreadable*: parked at once,
while a newer schema than ours is waited for and never parked.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from types import TracebackType

from pydantic import ValidationError

from shared.faults import Away, BusAway, Fault, NewerSchema, Unreadable

LONGEST_REASON = 300  # characters: a reason travels in a message's headers


class Until(StrEnum):
    """What a paused subscription asks until it is answered. STORE: does the store answer? MESSAGE: can the message that
    nobody could read be read now?"""

    STORE = "store"
    MESSAGE = "message"


@dataclass(frozen=True)
class Ack:
    """Handled: ack."""


@dataclass(frozen=True)
class Retry:
    """Put it on the rung with this number (0: the shortest rest), the attempt counted."""

    rung: int
    reason: str
    fault: str


@dataclass(frozen=True)
class Park:
    """Set it aside. reason: a sentence; fault: the fault's class name."""

    reason: str
    fault: str


@dataclass(frozen=True)
class Pause:
    """The subscription stops until the question is answered; nothing is counted."""

    question: Until
    reason: str


@dataclass(frozen=True)
class Reconnect:
    """The bus is away: connect again and nothing else; unacked messages come back by themselves."""

    reason: str


Verdict = Ack | Retry | Park | Pause | Reconnect


def judge(fault: Exception | None, attempt: int, rungs: int) -> Verdict:
    """The verdict on a message whose handling ended with `fault` (None: it did not fail), after `attempt` earlier
    failures, on a ladder of `rungs` rungs."""
    if fault is None:
        return Ack()
    reason, name = reason_of(fault), type(fault).__name__
    of_the_world = _of_the_world(fault, reason)
    if of_the_world is not None:
        return of_the_world
    if isinstance(fault, Unreadable) or attempt >= rungs:
        return Park(reason, name)
    return Retry(attempt, reason, name)


def _of_the_world(fault: Exception, reason: str) -> Pause | Reconnect | None:
    match fault:
        case BusAway():
            return Reconnect(reason)
        case Away():
            return Pause(Until.STORE, reason)
        case NewerSchema():
            return Pause(Until.MESSAGE, reason)
        case _:
            return None


def reason_of(fault: Exception) -> str:
    """One sentence for an operator: what and where; never the input of a validation."""
    if isinstance(fault, Fault):
        return fault.detail[:LONGEST_REASON]
    if isinstance(fault, ValidationError):
        first = fault.errors(include_url=False, include_input=False, include_context=False)[0]
        said = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    else:
        said = next(iter(str(fault).splitlines()), "")
    place = _place(fault.__traceback__)
    return f"{type(fault).__name__}{f': {said}' if said else ''}{f' ({place})' if place else ''}"[:LONGEST_REASON]


def _place(traceback: TracebackType | None) -> str:
    if traceback is None:
        return ""
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    code = traceback.tb_frame.f_code
    return f"{PurePath(code.co_filename).name}:{traceback.tb_lineno} in {code.co_name}"
