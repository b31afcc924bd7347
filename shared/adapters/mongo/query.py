"""Conditions and orders of a query as MongoDB's filters. A path has values of one type or none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shared.adapters.kinds import after_prefix
from shared.adapters.mongo.driver import Row
from shared.adapters.mongo.encoding import field
from shared.ports.store import OneOf, Prefix, Range, Where


def conditions(where: Where) -> list[Row]:
    """One filter for each condition."""
    return [{field(path): _condition(asked)} for path, asked in where.items()]


def behind(sort: Sequence[tuple[str, int]], values: Sequence[Any]) -> Row:
    """The filter for what stands behind these values in that order (null and missing stand first)."""
    ways = []
    for place, (path, direction) in enumerate(sort):
        beyond = _beyond(field(path), direction, values[place])
        if beyond is not None:
            equal = [{field(before): {"$eq": value}} for (before, _), value in zip(sort, values[:place], strict=False)]
            ways.append({"$and": [*equal, beyond]})
    return {"$or": ways}  # never empty: the last key is the id, a text


def all_of(filters: Sequence[Row]) -> Row:
    """All filters at once."""
    return {"$and": list(filters)} if filters else {}


def order(sort: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The sort over stored places."""
    return [(field(path), direction) for path, direction in sort]


def projection(paths: Sequence[str]) -> Row:
    """Only these places; a path within another one is left out, since MongoDB refuses to be asked for both."""
    asked = set(paths)
    return {field(path): 1 for path in paths if asked.isdisjoint(_above(path))}


def _above(path: str) -> set[str]:
    keys = path.split(".")
    return {".".join(keys[:length]) for length in range(1, len(keys))}


def _beyond(place: str, direction: int, value: Any) -> Row | None:  # noqa: ANN401 - any JSON scalar
    if direction == 1:
        return {place: {"$ne": None} if value is None else {"$gt": value}}
    return None if value is None else {"$or": [{place: {"$lt": value}}, {place: {"$eq": None}}]}


def _condition(asked: Any) -> Row:  # noqa: ANN401 - a condition or any JSON scalar
    match asked:
        case Prefix(text):
            end = after_prefix(text)
            return {"$gte": text} | ({"$lt": end} if end is not None else {})
        case Range(least, most, below):
            bounds = {"$gte": least, "$lte": most, "$lt": below}
            return {sign: bound for sign, bound in bounds.items() if bound is not None} or {"$nin": []}
        case OneOf(values):
            return {"$in": list(values)}
        case _:
            return {"$eq": asked}
