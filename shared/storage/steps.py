"""Turns a pure update into a store decision that owes no event."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Before = TypeVar("Before")
After = TypeVar("After")


def without_event(step: Callable[[Before], After | None]) -> Callable[[Before], tuple[After, None] | None]:
    """Wrap `step`, which returns the new state or value, or None for no change. For `Store.change` and `Repository`."""

    def decide(before: Before) -> tuple[After, None] | None:
        after = step(before)
        return None if after is None else (after, None)

    return decide
