"""Recognises what somebody else changed since a form was opened. Pure.

A form carries, as it was opened, a short print of each of its fields and of the last edit by another account. As long
as nobody else has edited, what is entered counts. Otherwise two people who edit different fields both keep their work,
and only who edited the same field is asked. The prints of fields alone would not do: an answer that was lost on the way
leaves a form that has prints older than its own last save.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.portal.pages.prints import print_of

_OTHERS = "*"


@dataclass(frozen=True)
class Merged:
    """values: by name, what is to be stored; conflicting: the fields that both have changed, to different values; the
    stored value of these is in `values`; opened: the prints that the form goes on with once `values` are stored."""

    values: dict[str, Any]
    conflicting: tuple[str, ...]
    opened: str


def prints_of(values: Mapping[str, Any], names: Iterable[str], others: object) -> str:
    """The prints in one line, for a hidden field of the form. others: whatever tells one last edit by another account
    from the next."""
    fields = {name: print_of(values.get(name)) for name in names}
    return _line({_OTHERS: print_of(others), **fields})


def merge(stored: Mapping[str, Any], entered: Mapping[str, Any], opened: str, others: object) -> Merged:
    """Combine what is stored with what was entered. opened: the form's prints; others: as now."""
    before = dict(part.partition(":")[::2] for part in opened.split())
    edited = before.get(_OTHERS) != print_of(others)
    values: dict[str, Any] = {}
    conflicting: list[str] = []
    after = dict(before)
    for name, mine in entered.items():
        theirs = stored.get(name)
        was = before.get(name, print_of(theirs))
        if not edited or print_of(theirs) in {was, print_of(mine)}:
            values[name] = mine
            after[name] = print_of(mine)
        else:
            values[name] = theirs
            if print_of(mine) != was:
                conflicting.append(name)
    if all(print_of(values[name]) == print_of(mine) for name, mine in entered.items()):
        after[_OTHERS] = print_of(others)
    return Merged(values, tuple(conflicting), _line(after))


def _line(prints: Mapping[str, str]) -> str:
    return " ".join(f"{name}:{each}" for name, each in sorted(prints.items()))
