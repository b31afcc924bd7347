"""A pure step on a state as a store's decision that owes no event."""

from __future__ import annotations

from collections.abc import Callable

from shared.ports.store import Decide, Decision, State


def without_event(step: Callable[[State | None], State | None]) -> Decide:
    """step: gives the new state, or None for no change."""

    def decide(state: State | None) -> Decision:
        after = step(state)
        return None if after is None else (after, None)

    return decide


def if_exists(step: Callable[[State], State | None]) -> Decide:
    """As `without_event`, for a document that must exist: without it nothing happens, and the store says NotFound."""
    return without_event(lambda state: None if state is None else step(state))
