"""Lifts documents of a former schema to the next one. Applied on load; `scan` and indexes see the stored form, so no
indexed or scanned field may change here."""

from __future__ import annotations

from shared.contracts.message import Alert, alert_from_1
from shared.ports.store import State


def obligation_from_1(state: State) -> State:
    """Schema 2: what release 0.2 derives and copies for its indexes, as it is before that is derived. The migration at
    start turns `facts.innovations` into entries."""
    facts = state["facts"]
    region, exemption = facts["region"], facts["exemption"]
    deadline = region and region["deadline"]
    lifted = {
        **facts,
        "region": region
        and {
            "minimum_by_kind": {},
            "mandatory_rows": False,
            "previous": None,
            "previous_hour": None,
            **region,
            "deadline": deadline and {"hour": None, "cancelled": False, **deadline},
        },
        "exemption": exemption and {"lifts": 0, "lifted_at": None, **exemption},
        "passed": None,
    }
    public = state["public"]
    return {
        "late": int(public is not None and public["on_time"] is False),
        "closes": 0,
        "waiting_since": None,
        "progress": "none",
        "progress_since": None,
        "spell": "",
        "spell_since": None,
        "look": "",
        "rules": 1,
        **state,
        "facts": lifted,
        "public": public and {"hour": None, **public},
    }


def exemption_from_1(state: State) -> State:
    """Schema 2: the day of the decree, and how many times it was lifted."""
    return {"decree_date": None, "lifts": 0, "lifted_at": None, **state}


def contact_from_1(state: State) -> State:
    """Schema 2: `mark` is always there."""
    return {"mark": "", **state}


def contact_from_2(state: State) -> State:
    """Schema 3: `by` is always there, empty when it is not known."""
    return {"by": "", **state}


def contact_from_3(state: State) -> State:
    """Schema 4: roles, a closed address instead of the flag, confirmation. `contacts/carry.py` stores this form at
    start, since `reachable`, `role` and `closed` are scanned and queried. Nobody is asked to confirm an address of
    before."""
    flagged = state["flagged"]
    before = {name: value for name, value in state.items() if name != "flagged"}
    return {
        **before,
        "role": "officer",
        "landline": "",
        "preferred": "email",
        "email_closed": "5.1.1" if flagged else "",
        "phone_closed": "",
        "email_confirmed": False,
        "phone_confirmed": False,
        "to_confirm": False,
        "address_revision": 1,
        "valid_from": None,
        "valid_to": None,
        "notice": "",
        "consent_whatsapp": "",
        "own": False,
        "closed": int(flagged),
    }


def entry_from_1(state: State) -> State:
    """Schema 2: the innovation's score, which was a document of its own (`known_score`)."""
    return {**state, "score": None}


def contact_from_4(state: State) -> State:
    """Schema 5: which address it is on each channel, and whether its owner is asked. One message was due for an address
    revision, through the channel that was used first; nobody is asked for the other address of before."""
    asked = _asked_in_4(state) if state["to_confirm"] else None
    before = {name: value for name, value in state.items() if name != "to_confirm"}
    since = state["address_revision"]
    records = {
        f"{name}_record": {"number": 1, "since": since, "ask": "revision" if name == asked else ""}
        for name in _ADDRESSES.values()
    }
    return {**before, **records}


_ADDRESSES = {"email": "email", "whatsapp": "phone"}


def _asked_in_4(state: State) -> str | None:
    """The address that messages went to first."""
    order = sorted(_ADDRESSES, key=lambda each: each != state["preferred"])
    usable = (
        name
        for name in (_ADDRESSES[each] for each in order)
        if state[name] and not state[f"{name}_closed"] and (name == "email" or state["consent_whatsapp"])
    )
    return next(usable, None)


def contact_import_from_1(state: State) -> State:
    """Schema 2: as a contact's."""
    return {"by": "", **state}


def contact_import_from_2(state: State) -> State:
    """Schema 3: rows have more columns."""
    more = {
        "landline": "",
        "role": None,
        "preferred": None,
        "valid_from": None,
        "valid_to": None,
        "consent_whatsapp": None,
        "moved": False,
    }
    return {"landlines": 0, **state, "rows": [{**row, **more} for row in state["rows"]]}


def alert_log_from_1(state: State) -> State:
    """Schema 2: `as_of` is null before the first message."""
    return {**state, "as_of": state["as_of"] or None}


def message_from_1(state: State) -> State:
    """Schema 2: `settled_at` ends in Z."""
    return {**state, "settled_at": _zulu(state["settled_at"])}


def alert_log_from_2(state: State) -> State:
    """Schema 3: alerts have reasons, the year in which they were taken (not known), and whether they were undelivered;
    the log counts the messages of a day."""
    more = {"taken_in": 0, "undelivered": False}
    alerts = [{**_alert(each, state["region"]), "message": each["message"], **more} for each in state["alerts"]]
    return {**state, "alerts": alerts, "due_since": 0, "taken_on": None, "taken_today": 0}


def alert_log_from_3(state: State) -> State:
    """Schema 4: the reasons of confirmations name the address."""
    return {**state, "alerts": [_alert_from_3(each) for each in state["alerts"]]}


def message_from_2(state: State) -> State:
    """Schema 3: alerts have reasons, attempts the class of the provider's answer, and what receipts report."""
    alerts = [_alert(each, state["region"]) for each in state["alerts"]]
    attempts = [_attempt_from_2(each) for each in state["attempts"]]
    return {**state, **_MESSAGE_3, "alerts": alerts, "attempts": attempts}


def message_from_3(state: State) -> State:
    """Schema 4: what indexes find it by (UNKNOWN until `messages/carry.py` stores it at start); attempts name the
    address (not known)."""
    alerts = [_alert_from_3(each) for each in state["alerts"]]
    attempts = [{**each, "address_number": 0} for each in state["attempts"]]
    return {**state, **_MESSAGE_4, "alerts": alerts, "attempts": attempts}


def with_endpoints_from_4(state: State) -> State:
    """Schema 5 of alert logs and messages: a reason may be about a webhook endpoint, or about public ideas."""
    added = {"endpoint": None, "times": None, "idea": None, "day": None}
    alerts = [{**each, "reason": {**each["reason"], **added}} for each in state["alerts"]]
    return {**state, "alerts": alerts}


def _alert_from_3(alert: State) -> State:
    return {**alert, "reason": {**alert["reason"], "channel": "", "nth": 0}}


UNKNOWN = "?"
_MESSAGE_4: State = {"what_1": UNKNOWN, "what_2": "", "through": ""}
_MESSAGE_3: State = {"taken_at": 0, "due_since": 0, "deferred": "", "provider_id": None, "given_back": False}
_ATTEMPT_3: State = {
    "driver": "",
    "address_revision": 1,
    "provider_id": "",
    "fallback": False,
    "receipts": False,
    "ttl": None,
    "retry_at": None,
    "template": "",
    "delivered_at": None,
    "read_at": None,
    "failed_at": None,
    "failed_code": None,
    "failed_answer": None,
    "expired_at": None,
}
_ANSWERS = {
    "taken": "accepted",
    "later": "transient",
    "bad-address": "recipient",
    "stopped": "account",
    "bug": "bug",
    "unanswered": "unanswered",
}


def _attempt_from_2(attempt: State) -> State:
    """`refused` was any permanent refusal at RCPT or DATA: one without an enhanced code, or with 5.1 or 5.2, is about
    the address."""
    result, code = attempt["result"], attempt["code"] or ""
    if result == "refused":
        result = "bad-address" if code == "550" or code.startswith(("5.1.", "5.2.")) else "bug"
    answer = _ANSWERS[result] if result else None
    return {**_ATTEMPT_3, **attempt, "result": answer}


def channel_from_1(state: State) -> State:
    """Schema 2: the state of the breaker, of the pace, of templates and of refusals about single persons."""
    return {**_CHANNEL_2, **state}


_CHANNEL_2: State = {
    "away_count": 0,
    "away_since": 0,
    "away_until": 0,
    "paused_until": 0,
    "paused_since": 0,
    "window": 0,
    "used": 0,
    "templates": [],
    "refused": [],
}


def _alert(alert: State, region: str) -> State:
    """With every field that a reason had in schema 3."""
    found = Alert.model_validate(alert_from_1(alert, region)).model_dump(mode="json")
    kept = {name: value for name, value in found["reason"].items() if name not in _LATER}
    return {**found, "reason": kept}


_LATER = ("channel", "nth", "endpoint", "times")


def restore_hold_from_1(state: State) -> State:
    """Schema 2: both times end in Z; it was of all regions."""
    times = {name: _zulu(state[name]) for name in ("backup_at", "restored_at")}
    return {**state, **times, "regions": []}


def _zulu(time: str | None) -> str | None:
    return time and time.replace("+00:00", "Z")
