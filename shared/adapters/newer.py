"""Puts a state if it is newer than the stored one, by way of a change: what every engine can do, and what one does that
has a shorter way when nothing was written by that."""

from __future__ import annotations

from typing import Any

from shared.adapters.stored_form import value_at
from shared.ports.store import Decision, Document, Documents, State


async def put_by_change(documents: Documents, kind: str, id: str, state: State, by: str) -> Document:
    """As `Documents.put_newer`, by `Documents.change`."""
    number = number_of(state, by)

    def decide(stored: State | None) -> Decision:
        return (state, None) if stored is None or _is_older(value_at(stored, by), number) else None

    return await documents.change(kind, id, decide)


def number_of(state: State, by: str) -> int:
    """The number at the path by which states are compared. Raises ValueError when there is none."""
    number = value_at(state, by)
    if type(number) is not int:
        raise ValueError(f"{by}: {number!r} is not a number that tells which state is newer")
    return number


def _is_older(stored: Any, number: int) -> bool:  # noqa: ANN401 - any JSON value
    return type(stored) is not int or stored < number
