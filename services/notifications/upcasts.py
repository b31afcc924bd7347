"""Lifts documents of a former schema to the next one. Applied on load; `scan` and indexes see the stored form, so no
indexed or scanned field may change here."""

from __future__ import annotations

from shared.contracts.message import alert_from_1
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
    """Schema 3: alerts have reasons."""
    alerts = [
        {**alert_from_1(each, state["region"]), "address_revision": 1, "message": each["message"]}
        for each in state["alerts"]
    ]
    return {**state, "alerts": alerts}


def message_from_2(state: State) -> State:
    """Schema 3: alerts have reasons."""
    alerts = [{**alert_from_1(each, state["region"]), "address_revision": 1} for each in state["alerts"]]
    return {**state, "alerts": alerts}


def restore_hold_from_1(state: State) -> State:
    """Schema 2: both times end in Z."""
    return {**state, "backup_at": _zulu(state["backup_at"]), "restored_at": _zulu(state["restored_at"])}


def _zulu(time: str | None) -> str | None:
    return time and time.replace("+00:00", "Z")
