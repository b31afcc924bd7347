"""Counts the statements that a process sends to MongoDB, by the driver's own monitoring; a bulk counts as one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from pymongo import monitoring
from typing_extensions import override

READS = ("find", "getMore", "aggregate", "count", "distinct")
WRITES = ("insert", "update", "delete", "findAndModify")


@dataclass
class Counts:
    """statements: command and collection → how many; documents: collection → documents inserted, changed or deleted."""

    statements: Counter[str] = field(default_factory=Counter)
    documents: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """All statements."""
        return sum(self.statements.values())

    @property
    def written(self) -> int:
        """All documents inserted, changed or deleted."""
        return sum(self.documents.values())

    def since(self, before: Counts) -> Counts:
        """What came after `before`."""
        return Counts(self.statements - before.statements, self.documents - before.documents)

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.statements + other.statements, self.documents + other.documents)

    def copy(self) -> Counts:
        """As they are now."""
        return Counts(Counter(self.statements), Counter(self.documents))

    def write(self, path: Path) -> None:
        """Into a file, whole or not at all."""
        part = path.with_suffix(".part")
        part.write_text(json.dumps({"statements": dict(self.statements), "documents": dict(self.documents)}))
        part.rename(path)

    @classmethod
    def read(cls, path: Path) -> Counts:
        """From a file."""
        said = json.loads(path.read_text())
        return cls(Counter(said["statements"]), Counter(said["documents"]))


class StatementCounter(monitoring.CommandListener):
    """Counts from the moment at which it is registered (`pymongo.monitoring.register`) on every client opened later."""

    def __init__(self) -> None:
        self.counts = Counts()
        self._writing: dict[int, str] = {}  # id of the request → collection
        self._lock = Lock()  # the driver calls from several threads

    @override
    def started(self, event: monitoring.CommandStartedEvent) -> None:
        name = event.command_name
        if name in READS or name in WRITES:
            collection = str(event.command.get("collection" if name == "getMore" else name))
            with self._lock:
                self.counts.statements[f"{name} {collection}"] += 1
                if name in WRITES:
                    self._writing[event.request_id] = collection

    @override
    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        if event.command_name in WRITES:
            with self._lock:
                collection = self._writing.pop(event.request_id)
                self.counts.documents[collection] += written(event.command_name, event.reply)

    @override
    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """It was counted when it started."""
        with self._lock:
            self._writing.pop(event.request_id, None)


def written(command: str, reply: Mapping[str, Any]) -> int:
    """How many documents a command wrote, by its reply."""
    if command == "findAndModify":
        return int((reply.get("lastErrorObject") or {}).get("n", 0))
    if command == "update":
        return int(reply.get("nModified", 0)) + len(reply.get("upserted", ()))
    return int(reply.get("n", 0))
