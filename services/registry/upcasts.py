"""Lifts documents of a former schema to the next one. Applied on load; `scan` and indexes see the stored form, so an
indexed or scanned field that changes here is carried through the store at start (`agencies/carry.py`)."""

from __future__ import annotations

from shared.contracts.names import folded
from shared.contracts.region import FIRST_YEAR
from shared.ports.store import State


def region_from_1(state: State) -> State:
    """Schema 2: `by`, the account that changed it last, and of each deadline the account that set it; empty when it is
    not known."""
    policy = state["policy"]
    deadlines = [{"by": "", **each} for each in policy["deadlines"]]
    return {"by": "", **state, "policy": {**policy, "deadlines": deadlines}}


def region_from_2(state: State) -> State:
    """Schema 3: the policy by year. The one that held for all years, with the deadlines in it, is revision 1 from
    2000; no decree and no author of it were kept."""
    policy = dict(state["policy"])
    deadlines = [{"hour": None, "cancelled": False, **each} for each in policy.pop("deadlines")]
    unknown = {"minimum_by_kind": {}, "mandatory_rows": False, "decree": "", "set_at": None, "by": ""}
    rest = {name: value for name, value in state.items() if name != "policy"}
    policies = [{"revision": 1, "from_year": FIRST_YEAR, **policy, **unknown}]
    return {**rest, "policies": policies, "deadlines": deadlines}


def agency_from_1(state: State) -> State:
    """Schema 2: `by`, as a region's."""
    return {"by": "", **state}


def agency_from_2(state: State) -> State:
    """Schema 3: the agency that continues its work; without one. `obliged_from` stays: who owed for every year does so
    still."""
    return {**state, "successor": None}


def agency_from_3(state: State) -> State:
    """Schema 4: the folded name, for its index; whether the successor has taken over: it has not, where one is named;
    the agency that it is part of: none."""
    waiting = "waiting" if state["successor"] and state["retired_on"] else None
    return {**state, "key": folded(state["name"]), "succession": waiting, "parent": None}
