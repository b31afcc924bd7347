"""Translates conditions and sorts into MongoDB's filters.

The values of a path are of one type or absent: SQLite and MongoDB order values of different types differently.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shared.adapters.kinds import after_prefix
from shared.adapters.mongo.driver import Row
from shared.adapters.mongo.encoding import field
from shared.ports.store import ID, OneOf, Prefix, Range, Where


def conditions(where: Where) -> Row:
    """The filter of all conditions, side by side: in the form of ``$and`` SecantusDB does not use an index."""
    return {field(path): _condition(wanted) for path, wanted in where.items()}


def only_ids(where: Where, limit: int) -> Sequence[str] | None:
    """The ids that a query asks for, if it asks for nothing else, and one page of `limit` takes them all."""
    wanted = where[ID] if where.keys() == {ID} else None
    if isinstance(wanted, OneOf) and len(wanted.values) <= limit and all(isinstance(id, str) for id in wanted.values):
        return wanted.values
    return None


def behind(sort: Sequence[tuple[str, int]], values: Sequence[Any]) -> Row:
    """The filter for the documents after these values in that order (null and missing come first)."""
    alternatives = []
    for place, (path, direction) in enumerate(sort):
        beyond = _beyond(field(path), direction, values[place])
        if beyond is not None:
            equal = {field(before): {"$eq": value} for (before, _), value in zip(sort, values[:place], strict=False)}
            alternatives.append({**equal, **beyond})
    return {"$or": alternatives}  # never empty: the last key is the id, a text


def order(sort: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The sort over stored fields."""
    return [(field(path), direction) for path, direction in sort]


def projection(paths: Sequence[str]) -> Row:
    """The projection of these paths. A path inside another requested path is left out: MongoDB refuses to have both."""
    requested = set(paths)
    return {field(path): 1 for path in paths if requested.isdisjoint(_above(path))}


def _above(path: str) -> set[str]:
    keys = path.split(".")
    return {".".join(keys[:length]) for length in range(1, len(keys))}


def _beyond(place: str, direction: int, value: Any) -> Row | None:  # noqa: ANN401 - any JSON scalar
    if direction == 1:
        return {place: {"$ne": None} if value is None else {"$gt": value}}
    return None if value is None else {"$or": [{place: {"$lt": value}}, {place: {"$eq": None}}]}


def _condition(wanted: Any) -> Row:  # noqa: ANN401 - a condition or any JSON scalar
    match wanted:
        case Prefix(text):
            end = after_prefix(text)
            return {"$gte": text} | ({"$lt": end} if end is not None else {})
        case Range(least, most, below):
            bounds = {"$gte": least, "$lte": most, "$lt": below}
            return {sign: bound for sign, bound in bounds.items() if bound is not None} or {"$nin": []}
        case OneOf(values):
            return {"$in": list(values)}
        case _:
            return {"$eq": wanted}
