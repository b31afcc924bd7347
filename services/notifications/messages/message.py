"""One message to one person: its alerts, its attempts, its end. Pure functions on its state.

State: ``{person, number, region, as_of, mail, alerts, leaving, release, status, due, trying_since, failures,
possibly_repeated, attempts: [{number, channel, opened_at, lease_until, closed_at, result, code, possibly_repeated}],
settled_at, code}``. Moments of attempts are machine milliseconds. due: when the postman looks at it next; leaving:
alerts that were left out or taken back and still have to be released from the post (release 1 while there are any).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.notifications.messages.attempt import (
    GIVE_UP_AFTER,
    LEASE,
    MOST_UNANSWERED,
    AttemptOutcome,
    Result,
    back_off,
)
from shared.contracts.contract import AnyContract, Payload
from shared.contracts.message import ALERT_FAILED, ALERT_SENT, AlertFailed, AlertSent

State = dict[str, Any]
NEVER = 2**53 - 1  # a `due` that does not come
_MS = 1000


class MessageStatus(StrEnum):
    """WAITING: for its next attempt; OPEN: an attempt is under way, or was at a crash; HELD: restored from a backup,
    the operator decides; SENT, FAILED, DROPPED: the end (dropped: nothing in it was true any more)."""

    WAITING = "waiting"
    OPEN = "open"
    HELD = "held"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


UNSETTLED = (MessageStatus.WAITING, MessageStatus.OPEN)


def fresh(post: State, number: int, alerts: Sequence[dict[str, Any]], mail: str, now: int) -> State:
    """The message that a post has taken, to be attempted at once."""
    return {
        "person": post["person"],
        "number": number,
        "region": post["region"],
        "as_of": post["as_of"],
        "mail": mail,
        "alerts": list(alerts),
        "leaving": [],
        "release": 0,
        "status": MessageStatus.WAITING.value,
        "due": now,
        "trying_since": None,
        "failures": 0,
        "possibly_repeated": False,
        "attempts": [],
        "settled_at": None,
        "code": None,
    }


def is_due(state: State, now: int) -> bool:
    """Whether an attempt may be opened: its clock has run, or the lease of an open one is over."""
    return state["status"] in UNSETTLED and state["due"] <= now


def open_attempt(state: State, channel: str, true: Collection[str], now: int) -> State | None:
    """The message with a new attempt, listing only the alerts that are still `true`; dropped when none is; None when
    it is not due (any more: somebody was faster). An attempt found open is repeated: its end is not known."""
    if not is_due(state, now):
        return None
    kept = [alert for alert in state["alerts"] if alert["id"] in true]
    gone = [alert["id"] for alert in state["alerts"] if alert["id"] not in true]
    lighter = _leave(state, gone) | {"alerts": kept}
    if not kept:
        return lighter | {"status": MessageStatus.DROPPED.value, "due": NEVER}
    repeated = state["possibly_repeated"] or state["status"] == MessageStatus.OPEN
    attempt = {
        "number": len(state["attempts"]) + 1,
        "channel": channel,
        "opened_at": now,
        "lease_until": now + LEASE * _MS,
        "closed_at": None,
        "result": None,
        "code": None,
        "possibly_repeated": repeated,
    }
    return lighter | {
        "status": MessageStatus.OPEN.value,
        "due": attempt["lease_until"],
        "trying_since": state["trying_since"] or now,
        "possibly_repeated": repeated,
        "attempts": [*state["attempts"], attempt],
    }


def close_attempt(state: State, number: int, outcome: AttemptOutcome, now: int, settled_at: datetime) -> State | None:
    """The message after attempt `number`; None when that attempt is not the open one any more (its lease ran out and
    it was made again). An unanswered one stays open until its lease is over, and is then made once more."""
    if state["status"] != MessageStatus.OPEN or len(state["attempts"]) != number:
        return None
    ended = _ended(state, outcome, now)
    match outcome.result:
        case Result.TAKEN:
            after = ended | _settled(MessageStatus.SENT, None, settled_at)
        case Result.REFUSED:
            after = ended | _settled(MessageStatus.FAILED, outcome.code, settled_at)
        case Result.BAD_ADDRESS:
            # nobody was told, and nobody will be until the address is corrected: then the alerts fall due again
            untold = _leave(ended, [alert["id"] for alert in state["alerts"]])
            after = untold | _settled(MessageStatus.FAILED, outcome.code, settled_at)
        case Result.STOPPED:
            after = ended | {
                "status": MessageStatus.WAITING.value,
                "due": now + back_off(2) * _MS,
                "trying_since": None,
            }
        case Result.UNANSWERED:
            after = _unanswered(state, outcome, settled_at)
        case Result.LATER:
            after = _later(state, ended, outcome, now, settled_at)
    return after


def released(state: State, gone: Collection[str]) -> State | None:
    """The message once the post has let go of those that left it."""
    if not state["release"]:
        return None
    rest = [id for id in state["leaving"] if id not in gone]
    return state | {"leaving": rest, "release": int(bool(rest))}


def hold(state: State) -> State | None:
    """A message of a backup that might have been sent since: nobody touches it until the operator decides."""
    return state | {"status": MessageStatus.HELD.value, "due": NEVER} if state["status"] in UNSETTLED else None


def let_go(state: State, now: int) -> State | None:
    """A held message, to be attempted after all. If it was under way, it may be a repetition."""
    if state["status"] != MessageStatus.HELD:
        return None
    under_way = bool(state["attempts"]) and state["attempts"][-1]["closed_at"] is None
    repeated = state["possibly_repeated"] or under_way
    return state | {
        "status": MessageStatus.WAITING.value,
        "due": now,
        "trying_since": None,
        "possibly_repeated": repeated,
    }


def put_away(state: State) -> State | None:
    """A held message that is never to be sent; its alerts stay in the post."""
    return (
        state | {"status": MessageStatus.DROPPED.value, "due": NEVER} if state["status"] == MessageStatus.HELD else None
    )


def report(state: State) -> tuple[AnyContract, Payload] | None:
    """What is to be said of a settled message; None for one that is not settled or was dropped."""
    if state["status"] not in (MessageStatus.SENT, MessageStatus.FAILED):
        return None
    fields = {
        key: state[key] for key in ("person", "number", "region", "alerts", "possibly_repeated", "settled_at", "code")
    } | {"channel": state["attempts"][-1]["channel"], "attempts": len(state["attempts"])}
    if state["status"] == MessageStatus.SENT:
        return ALERT_SENT, AlertSent.model_validate(fields)
    return ALERT_FAILED, AlertFailed.model_validate(fields)


def _ended(state: State, outcome: AttemptOutcome, now: int) -> State:
    last = state["attempts"][-1] | {"closed_at": now, "result": outcome.result.value, "code": outcome.code}
    return state | {"attempts": [*state["attempts"][:-1], last]}


def _settled(status: MessageStatus, code: str | None, settled_at: datetime) -> State:
    return {"status": status.value, "code": code, "due": NEVER, "settled_at": settled_at.isoformat()}


def _leave(state: State, alerts: list[str]) -> State:
    leaving = [*state["leaving"], *alerts]
    return state | {"leaving": leaving, "release": int(bool(leaving))}


def _unanswered(state: State, outcome: AttemptOutcome, settled_at: datetime) -> State:
    last = state["attempts"][-1] | {"result": outcome.result.value, "code": outcome.code}
    told = state | {"attempts": [*state["attempts"][:-1], last]}
    in_a_row = [each["result"] == Result.UNANSWERED for each in told["attempts"][-MOST_UNANSWERED:]]
    if len(in_a_row) == MOST_UNANSWERED and all(in_a_row):
        return told | _settled(MessageStatus.FAILED, outcome.code, settled_at)
    return told


def _later(state: State, ended: State, outcome: AttemptOutcome, now: int, settled_at: datetime) -> State:
    if now - state["trying_since"] >= GIVE_UP_AFTER * _MS:
        return ended | _settled(MessageStatus.FAILED, outcome.code, settled_at)
    failures = state["failures"] + 1
    return ended | {"status": MessageStatus.WAITING.value, "failures": failures, "due": now + back_off(failures) * _MS}
