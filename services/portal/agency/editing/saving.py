"""Saves what was entered into an innovation that others may be editing at the same time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.portal.agency.editing.prints import merge
from services.portal.agency.innovation.detail import Innovation
from services.portal.agency.innovation.registry import MOST_TRIES, InnovationClient
from services.portal.owners.answers import OwnerProblem

_INVALID = 422

Values = Mapping[str, Any]
Stored = Callable[[Innovation], Values]
"""What an innovation has of the fields that are edited."""

Store = Callable[[Innovation, Values], Awaitable[Innovation]]
"""Stores these fields into the version that was read."""


@dataclass(frozen=True)
class Saved:
    """innovation: as it is stored now; conflicting: fields that somebody else has changed to another value, which were
    not stored; flaws: what the registry refused, which was not stored; opened: the prints that the form goes on
    with."""

    innovation: Innovation
    opened: str
    conflicting: tuple[str, ...] = ()
    flaws: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Fields:
    """Which fields of an innovation are edited."""

    stored: Stored
    store: Store


async def save(client: InnovationClient, account: str, entered: Values, opened: str, fields: Fields) -> Saved:
    """Store what `account` entered into a form that was opened with these prints. Fields that are in conflict stay as
    they are stored, and those that the registry refuses. Raises OwnerProblem, OwnerAway."""
    refused: list[dict[str, str]] = []
    for left in reversed(range(MOST_TRIES)):
        innovation = await client.read()
        known = fields.stored(innovation)
        merged = merge(known, entered, opened, seen(innovation, account))
        if all(known.get(name) == value for name, value in merged.values.items()):
            return Saved(innovation, merged.opened, merged.conflicting, refused)
        try:
            return Saved(await fields.store(innovation, merged.values), merged.opened, merged.conflicting, refused)
        except OwnerProblem as problem:
            if problem.status == _INVALID and problem.flaws:
                refused += problem.flaws
                flawed = {part for flaw in problem.flaws for part in flaw["field"].split(".")}
                kept = {name: value for name, value in entered.items() if name not in flawed}
                if kept and len(kept) < len(entered):
                    entered = kept
                    continue
                return Saved(innovation, opened, merged.conflicting, refused)
            if not problem.is_stale or not left:
                raise
    raise AssertionError


def seen(innovation: Innovation, account: str) -> object:
    """What tells one last change by another account from the next."""
    last = innovation.edited_by_others(account)
    return last.model_dump(mode="json") if last else None
