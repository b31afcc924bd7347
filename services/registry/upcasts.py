"""Lifts documents of a former schema to the next one. Applied on load; `scan` and indexes see the stored form, so no
indexed or scanned field may change here."""

from __future__ import annotations

from shared.ports.store import State


def region_from_1(state: State) -> State:
    """Schema 2: `by`, the account that changed it last, and of each deadline the account that set it; empty when it is
    not known."""
    policy = state["policy"]
    deadlines = [{"by": "", **each} for each in policy["deadlines"]]
    return {"by": "", **state, "policy": {**policy, "deadlines": deadlines}}


def agency_from_1(state: State) -> State:
    """Schema 2: `by`, as a region's."""
    return {"by": "", **state}
