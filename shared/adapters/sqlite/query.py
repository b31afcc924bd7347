"""Translates conditions and sorts into SQL.

The values of a path are of one type or absent: SQLite and MongoDB order values of different types differently.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shared.adapters.kinds import after_prefix
from shared.adapters.sqlite.tables import at
from shared.ports.store import OneOf, Prefix, Range, Where

Clause = tuple[str, list[Any]]


def conditions(where: Where) -> Clause:
    """The WHERE clause of all conditions, TRUE when there are none."""
    return _all([_condition(at(path), wanted) for path, wanted in where.items()])


def behind(sort: Sequence[tuple[str, int]], values: Sequence[Any]) -> Clause:
    """The clause for the documents after these values in that order (NULL comes first)."""
    alternatives: list[Clause] = []
    for place, (path, direction) in enumerate(sort):
        equal = [(f"{at(before)} IS ?", [value]) for (before, _), value in zip(sort[:place], values, strict=False)]
        alternatives.append(_all([*equal, _beyond(at(path), direction, values[place])]))
    return " OR ".join(f"({sql})" for sql, _ in alternatives), [value for _, given in alternatives for value in given]


def order(sort: Sequence[tuple[str, int]]) -> str:
    """The ORDER BY list."""
    return ", ".join(f"{at(path)} {'ASC' if direction == 1 else 'DESC'}" for path, direction in sort)


def _beyond(column: str, direction: int, value: Any) -> Clause:  # noqa: ANN401 - any JSON scalar
    if direction == 1:
        return (f"{column} IS NOT NULL", []) if value is None else (f"{column} > ?", [value])
    return ("FALSE", []) if value is None else (f"({column} < ? OR {column} IS NULL)", [value])


def _condition(column: str, wanted: Any) -> Clause:  # noqa: ANN401 - a condition or any JSON scalar
    match wanted:
        case Prefix(text):
            end = after_prefix(text)
            return _all([(f"{column} >= ?", [text]), *([(f"{column} < ?", [end])] if end is not None else [])])
        case Range(least, most, below):
            bounds = ((">=", least), ("<=", most), ("<", below))
            return _all([(f"{column} {sign} ?", [bound]) for sign, bound in bounds if bound is not None])
        case OneOf(values):
            named = [value for value in values if value is not None]
            clause = f"{column} IN ({', '.join('?' * len(named))})"
            return (clause if len(named) == len(values) else f"({clause} OR {column} IS NULL)"), named
        case _:
            return f"{column} IS ?", [wanted]


def _all(clauses: Sequence[Clause]) -> Clause:
    if not clauses:
        return "TRUE", []
    return " AND ".join(sql for sql, _ in clauses), [value for _, given in clauses for value in given]
