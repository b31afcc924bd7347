"""Lifts documents of a former schema to the next one. Applied on load; `scan` and indexes see the stored form, so no
indexed or scanned field may change here."""

from __future__ import annotations

from shared.ports.store import State


def competition_from_1(state: State) -> State:
    """Schema 2: `by`, the account that changed it last, and of each innovation's marks the account that gave them;
    empty when it is not known."""
    return {"by": "", **state, "marks": [{"by": "", **each} for each in state["marks"]]}
