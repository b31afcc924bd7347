"""Wraps a pure state update as a store decision without an event."""

from __future__ import annotations

from collections.abc import Callable

from shared.ports.store import Decide, Decision, State


def without_event(step: Callable[[State | None], State | None]) -> Decide:
    """Wrap `step`, which returns the new state, or None for no change."""

    def decide(state: State | None) -> Decision:
        after = step(state)
        return None if after is None else (after, None)

    return decide


def if_exists(step: Callable[[State], State | None]) -> Decide:
    """Like `without_event`, for an existing document. The store raises NotFound when there is none."""
    return without_event(lambda state: None if state is None else step(state))
