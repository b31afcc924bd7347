"""Reads and replaces the texts of a state at paths such as `team.*.name`: `*` stands for each item of a list and each
value of an object. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

EVERY = "*"


def texts_at(state: Any, path: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - plain JSON
    """Where there is a text, and the text: `team.0.name`, `Siti`."""
    for holder, key, place in _holders(state, path.split("."), ()):
        if isinstance(value := holder[key], str):
            yield ".".join(place), value


def replace_at(state: Any, paths: Iterable[str], replaced: Callable[[str], str]) -> int:  # noqa: ANN401 - plain JSON
    """Replace the texts at these paths in the state itself; how many differ."""
    changed = 0
    for path in paths:
        for holder, key, _ in list(_holders(state, path.split("."), ())):
            value = holder[key]
            if isinstance(value, str) and (after := replaced(value)) != value:
                holder[key] = after
                changed += 1
    return changed


def texts_in(state: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - plain JSON
    """Every text of a state, and where it is."""
    if isinstance(state, str):
        yield ".".join(place), state
    elif isinstance(state, dict | list):
        for key, value in _items(state):
            yield from texts_in(value, (*place, str(key)))


def _holders(state: Any, path: list[str], place: tuple[str, ...]) -> Iterator[tuple[Any, Any, tuple[str, ...]]]:  # noqa: ANN401 - plain JSON
    """The objects and lists that the path ends in, with the key there."""
    if not isinstance(state, dict | list):
        return
    first, rest = path[0], path[1:]
    for key, value in list(_items(state)):
        if first != EVERY and (first != key or isinstance(state, list)):
            continue
        there = (*place, str(key))
        if rest:
            yield from _holders(value, rest, there)
        else:
            yield state, key, there


def _items(state: dict[str, Any] | list[Any]) -> Iterator[tuple[Any, Any]]:
    yield from state.items() if isinstance(state, dict) else enumerate(state)
