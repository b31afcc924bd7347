"""A write that travels with others in one bulk, and how it is found out whether it was made.

A compare-and-set adds a mark of its own to its document. The new sequence would not do: two replicas may stamp the same
one from the same version.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from pymongo import InsertOne, UpdateMany, UpdateOne
from typing_extensions import override

from shared.adapters.mongo.driver import Row
from shared.adapters.mongo.owing import LEASE, Owing
from shared.adapters.mongo.tokens import token
from shared.ports.store import MOST_OWED, Owed

SEEN: Row = {"marks": 1}
"""What `was_made` judges by."""

MARKS = 16  # the latest of a document: as many changes of others may come between a bulk and the look at its marks

Operation = InsertOne[Row] | UpdateOne | UpdateMany


@dataclass(frozen=True)
class Case:
    """A compare-and-set as one case of an update of many documents. known: the sequence that the document must have;
    holds: the aggregation expression of what else must be true of it, None for nothing; becomes: that of the document
    that takes its place."""

    id: str
    known: int
    holds: Row | None
    becomes: Row


class Write(ABC):
    """One write. id: of its document; operation: makes it alone; modifies: how many documents it modifies if it is
    made, 0 if it is made whenever it meets no error."""

    def __init__(self, id: str, operation: Operation) -> None:
        self.id = id
        self.operation = operation
        self.modifies = 1 if isinstance(operation, UpdateOne) else 0

    def case(self) -> Case | None:
        """The write as a case of an update of many documents. None: it is always an operation of its own."""
        return None

    @abstractmethod
    def was_made(self, row: Row | None) -> bool | None:
        """Whether a write that met no error was made, by the document as it is after the bulk (`SEEN` of it; None: it
        does not exist). None: it cannot be known any more."""

    def told(self, fate: bool | Exception) -> None:  # noqa: B027 - most need not know
        """Called once with the answer, as soon as it is there, also if nobody waits for it."""


class Certain(Write):
    """A write that is made if it meets no error: an insert, an upsert (a document that exists and does not match is a
    duplicate id), or one that may as well match nothing."""

    @override
    def was_made(self, row: Row | None) -> bool:
        return True


class Saving(Write):
    """Saves a version of a document. known: the sequence that it replaces, 0 if it creates the document; new: the
    sequence; fields: to set; owing: the event that the document owes from now on."""

    def __init__(self, id: str, known: int, new: int, fields: Row, owing: Owing | None) -> None:
        self._known = known
        self._new = new
        self._mark = f"{new}/{token()}"
        self._owing = owing
        self._fields = {"sequence": new, **fields, **(owing.fields if owing else {})}
        super().__init__(id, self._update(id) if known else self._insert(id))

    def _insert(self, id: str) -> Operation:
        if self._owing is None:
            return InsertOne({"_id": id, **self._fields, "outbox": []})
        return InsertOne({"_id": id, **self._fields, "outbox": self._owing.entries, "outbox_since": self._owing.since})

    def _update(self, id: str) -> Operation:
        update: Row = {"$set": self._fields, "$push": {"marks": {"$each": [self._mark], "$slice": -MARKS}}}
        if self._owing is not None:
            update["$push"]["outbox"] = {"$each": self._owing.entries}
            update["$min"] = {"outbox_since": self._owing.since}
        return UpdateOne(self._where(id), update)

    def _where(self, id: str) -> Row:
        where: Row = {"_id": id, "sequence": self._known}
        if self._owing is not None:
            where[f"outbox.{MOST_OWED - 1}"] = {"$exists": False}
        return where

    @override
    def case(self) -> Case | None:
        if not self._known:
            return None
        computed: Row = {"marks": {"$slice": [_longer("marks", [self._mark]), -MARKS]}}
        holds: Row | None = None
        if self._owing is not None:
            holds = {"$lt": [{"$size": {"$ifNull": ["$outbox", []]}}, MOST_OWED]}
            computed["outbox"] = _longer("outbox", self._owing.entries)
            computed["outbox_since"] = {"$min": ["$outbox_since", self._owing.since]}
        becomes: Row = {"$mergeObjects": ["$$ROOT", {"$literal": self._fields}, computed]}
        return Case(self.id, self._known, holds, becomes)

    @override
    def was_made(self, row: Row | None) -> bool | None:
        if isinstance(self.operation, InsertOne):
            return True
        marks: Sequence[str] = (row or {}).get("marks") or ()
        if self._mark in marks:
            return True
        if len(marks) < MARKS or int(marks[0].partition("/")[0]) <= self._new:
            return False  # ours would stand behind the first one
        return None

    @override
    def told(self, fate: bool | Exception) -> None:
        if self._owing is not None and self._owing.told is not None:
            self._owing.told(fate)


class Settling(Write):
    """Removes events from many documents that owe nothing else, and ends their leases. It is made if it is made of all
    of them; of which it was is left to be looked up."""

    def __init__(self, settled: Sequence[tuple[Owed, Sequence[str]]]) -> None:
        """settled: each document with the ids of its events; no two events have the same id, no two leases the same
        token."""
        events = [id for _, ids in settled for id in ids]
        where: Row = {
            **leased([owed for owed, _ in settled]),
            "outbox": {"$not": {"$elemMatch": {"id": {"$nin": events}}}},
        }
        struck: Row = {
            "$pull": {"outbox": {"id": {"$in": events}}},
            "$unset": dict.fromkeys((*LEASE, "outbox_since"), ""),
        }
        super().__init__("", UpdateMany(where, struck))
        self.modifies = len(settled)

    @override
    def was_made(self, row: Row | None) -> bool:
        return False


def leased(every: Sequence[Owed]) -> Row:
    """The condition of these documents while these leases are theirs."""
    return {"_id": {"$in": [owed.id for owed in every]}, "lease_token": {"$in": [owed.token for owed in every]}}


def _longer(field: str, items: Sequence[Row | str]) -> Row:
    """The expression of a list with more items. A value is never read as an expression: it may be any text."""
    return {"$concatArrays": [{"$ifNull": [f"${field}", []]}, {"$literal": items}]}
