"""The post of one person: every alert ever taken for them, and in which message. Pure functions on its state.

State: ``{person, region, last, unwritten, taken_at, as_of, alerts: [{id, agency, year, deadline_revision, stage,
message}]}``. last: the number of the latest message; unwritten: that number until `message/<person>/<n>` exists, else
0; message 0: never told, by the operator's decision after a restore.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from shared.contracts.message import Alert

State = dict[str, Any]
NOT_TOLD = 0


def lacking(state: State | None, due: Sequence[Alert]) -> list[Alert]:
    """Those of `due` that the post has never taken."""
    taken = {each["id"] for each in state["alerts"]} if state else set()
    return [alert for alert in due if alert.id not in taken]


def take(
    state: State | None, due: Sequence[Alert], *, person: str, region: str, as_of: date, taken_at: int
) -> State | None:
    """The post with all lacking alerts in one new message; None when there is none, or while an earlier message still
    has to be written. taken_at: machine milliseconds."""
    fresh = lacking(state, due)
    if not fresh or (state and state["unwritten"]):
        return None
    known = state or _empty(person, region)
    number = known["last"] + 1
    return {
        **known,
        "last": number,
        "unwritten": number,
        "taken_at": taken_at,
        "as_of": as_of.isoformat(),
        "alerts": [*known["alerts"], *({**alert.model_dump(mode="json"), "message": number} for alert in fresh)],
    }


def of_message(state: State, number: int) -> list[dict[str, Any]]:
    """The alerts that message `number` was taken for, as a message holds them."""
    return [
        {key: value for key, value in each.items() if key != "message"}
        for each in state["alerts"]
        if each["message"] == number
    ]


def written(state: State | None, number: int) -> State | None:
    """The post once the message exists."""
    return {**state, "unwritten": 0} if state and state["unwritten"] == number else None


def release(state: State | None, number: int, alerts: Collection[str]) -> State | None:
    """The post without those alerts of message `number`: they can fall due again."""
    if state is None:
        return None
    kept = [each for each in state["alerts"] if each["message"] != number or each["id"] not in alerts]
    return {**state, "alerts": kept} if len(kept) < len(state["alerts"]) else None


def discard(state: State | None, due: Sequence[Alert], *, person: str, region: str) -> State | None:
    """The post with those alerts as never to be told."""
    fresh = lacking(state, due)
    if not fresh:
        return None
    known = state or _empty(person, region)
    kept = [*known["alerts"], *({**alert.model_dump(mode="json"), "message": NOT_TOLD} for alert in fresh)]
    return {**known, "alerts": kept}


def reconciled(state: State | None, message: State) -> State | None:
    """The post that knows `message`, and numbers on behind it; None when it does. A backup copies posts and messages
    one after the other, so a message may be in it that its post did not know yet."""
    known = state or _empty(message["person"], message["region"])
    ids = {each["id"] for each in known["alerts"]}
    unknown = [each for each in message["alerts"] if each["id"] not in ids and each["id"] not in message["leaving"]]
    if known["last"] >= message["number"] and not unknown:
        return None
    return {
        **known,
        "last": max(known["last"], message["number"]),
        "alerts": [*known["alerts"], *({**each, "message": message["number"]} for each in unknown)],
    }


def _empty(person: str, region: str) -> State:
    return {
        "person": person,
        "region": region,
        "last": 0,
        "unwritten": 0,
        "taken_at": 0,
        "as_of": "",
        "alerts": [],
    }
