"""What all states have in common: they keep the newer. Pure."""

from __future__ import annotations

from shared.ports.store import State

HEARD = "heard"
"""The field with the sequence of the newest event that a state was made of."""


def is_news(state: State | None, sequence: int, at: str = HEARD) -> bool:
    """Whether an event is newer than what the state was made of. at: the field with the sequence, absent or None:
    nothing was heard."""
    return state is None or (state.get(at) or 0) < sequence
