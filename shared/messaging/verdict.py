"""What happens to a message after its handler: a pure function of the fault, the failures so far, and the rungs.

There are three kinds of fault. *Of this message* (the handler failed): retry on the next rung, after the last one park.
*Of the environment* (bus, store or files away; an outbox full): wait, and count nothing against the message.
*Unreadable*: park at once; but a schema newer than this process knows is waited for and never parked.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from types import TracebackType

from pydantic import ValidationError

from shared.faults import Away, BusAway, Fault, NewerSchema, Unreadable

LONGEST_REASON = 300  # characters: a reason travels in a message's headers


class ResumeWhen(StrEnum):
    """What ends a pause: the store answers, or the message that could not be read can be read."""

    STORE_ANSWERS = "store"
    MESSAGE_READABLE = "message"


@dataclass(frozen=True)
class Ack:
    """Handled: acknowledge it."""


@dataclass(frozen=True)
class Retry:
    """Put it on the rung with this number (0: the shortest wait) and count the attempt."""

    rung: int
    reason: str
    fault: str


@dataclass(frozen=True)
class Park:
    """Move it to the parked queue. reason: a sentence; fault: the fault's class name."""

    reason: str
    fault: str


@dataclass(frozen=True)
class Pause:
    """Stop consuming this subscription until `resume_when` holds; count nothing."""

    resume_when: ResumeWhen
    reason: str


@dataclass(frozen=True)
class Reconnect:
    """The bus is away: only connect again. The bus delivers unacknowledged messages again by itself."""

    reason: str


Verdict = Ack | Retry | Park | Pause | Reconnect


def judge(fault: Exception | None, attempt: int, rungs: int) -> Verdict:
    """The verdict on a message whose handling ended with `fault` (None: it succeeded), after `attempt` earlier
    failures, with `rungs` rungs."""
    if fault is None:
        return Ack()
    reason, name = reason_of(fault), type(fault).__name__
    environment = _environment(fault, reason)
    if environment is not None:
        return environment
    if isinstance(fault, Unreadable) or attempt >= rungs:
        return Park(reason, name)
    return Retry(attempt, reason, name)


def _environment(fault: Exception, reason: str) -> Pause | Reconnect | None:
    match fault:
        case BusAway():
            return Reconnect(reason)
        case Away():
            return Pause(ResumeWhen.STORE_ANSWERS, reason)
        case NewerSchema():
            return Pause(ResumeWhen.MESSAGE_READABLE, reason)
        case _:
            return None


def reason_of(fault: Exception) -> str:
    """One sentence for an operator: what failed and where; never the input of a validation."""
    if isinstance(fault, Fault):
        return fault.detail[:LONGEST_REASON]
    if isinstance(fault, ValidationError):
        first = fault.errors(include_url=False, include_input=False, include_context=False)[0]
        message = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    else:
        message = next(iter(str(fault).splitlines()), "")
    place = _place(fault.__traceback__)
    return f"{type(fault).__name__}{f': {message}' if message else ''}{f' ({place})' if place else ''}"[:LONGEST_REASON]


def _place(traceback: TracebackType | None) -> str:
    if traceback is None:
        return ""
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    code = traceback.tb_frame.f_code
    return f"{PurePath(code.co_filename).name}:{traceback.tb_lineno} in {code.co_name}"
