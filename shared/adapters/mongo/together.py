"""Many compare-and-sets as one update of many documents, which a server that syncs each statement syncs once.

Every document is still changed for itself, and only if it is as its own write needs it. A failure in the middle may
leave some of them changed; their marks tell which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pymongo import UpdateMany

from shared.adapters.mongo.driver import Row
from shared.adapters.mongo.write import Case, Operation, Write

_MOST = 32  # in one update: a server compares each document with each case, and one update may have 16 MB


@dataclass(frozen=True)
class Step:
    """One operation of a bulk. places: of the writes that it makes."""

    operation: Operation
    places: Sequence[int]


def apart(writes: Sequence[Write]) -> list[Step]:
    """An operation for each write."""
    return [Step(each.operation, [place]) for place, each in enumerate(writes)]


def together(writes: Sequence[Write]) -> list[Step]:
    """The same writes in fewer operations."""
    steps: list[Step] = []
    cases: dict[str, tuple[int, Case]] = {}
    for place, write in enumerate(writes):
        case = write.case()
        if case is None or write.id in cases:
            steps.append(Step(write.operation, [place]))
        else:
            cases[write.id] = (place, case)
    every = list(cases.values())
    for first in range(0, len(every), _MOST):
        some = every[first : first + _MOST]
        places = [place for place, _ in some]
        one = writes[places[0]].operation if len(some) == 1 else _update([case for _, case in some])
        steps.append(Step(one, places))
    return steps


def _update(cases: Sequence[Case]) -> Operation:
    # No `$or` of each id with its sequence: the stand-in would read the whole collection for it. A document that is
    # found and is none of the cases is replaced by itself, which is no modification.
    ids, known = [each.id for each in cases], [each.known for each in cases]
    branches = [{"case": _is(each), "then": each.becomes} for each in cases]
    where = {"_id": {"$in": ids}, "sequence": {"$in": known}}
    return UpdateMany(where, [{"$replaceWith": {"$switch": {"branches": branches, "default": "$$ROOT"}}}])


def _is(case: Case) -> Row:
    holds: list[Row] = [{"$eq": ["$_id", {"$literal": case.id}]}, {"$eq": ["$sequence", case.known]}]
    return {"$and": holds if case.holds is None else [*holds, case.holds]}
