"""Takes line breaks and control characters out of every text in the facts of a message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from services.notifications.messages.texts.wording import one_line

D = TypeVar("D")

_NAMES: dict[type, tuple[str, ...]] = {}  # of each kind of facts: their fields but the alert


def cleaned(details: D) -> D:
    """The same facts, with every text on one line."""
    changes = _changes(details)
    return replace(details, **changes) if changes else details  # type: ignore[type-var] # any of the dataclasses


def _changes(details: object) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name in _names(details):
        value = getattr(details, name)
        clean = _clean(value)
        if clean is not value:
            changes[name] = clean
    return changes


def _clean(value: object) -> object:
    if type(value) is str:
        line = one_line(value)
        return value if line == value else line
    if type(value) is tuple and value:
        each: Callable[[Any], Any] = cleaned if is_dataclass(value[0]) else _clean
        clean = tuple(each(item) for item in value)
        return clean if any(new is not old for new, old in zip(clean, value, strict=True)) else value
    return value


def _names(details: object) -> tuple[str, ...]:
    kind = type(details)
    if kind not in _NAMES:
        _NAMES[kind] = tuple(field.name for field in fields(cast("Any", details)) if field.name != "alert")
    return _NAMES[kind]
