"""Loses the answers of an engine, below our adapters: a write is applied, and then the driver's error is raised.

For MongoDB the loss stands between an adapter and either driver's database; for SQLite in the connection, whose COMMIT
is durable and raises.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from pymongo.errors import AutoReconnect
from typing_extensions import override

from shared.adapters.mongo.driver import Database
from shared.adapters.mongo.gridfs import MongoFiles
from shared.adapters.mongo.store import MongoStore

WRITES = frozenset(
    ("insert_one", "update_one", "find_one_and_update", "bulk_write", "delete_one", "create_index")
)  # all the writing calls that the adapters use


@dataclass
class Loss:
    """Which write loses its answer. number: the n-th one from `arm` on, None for none; of: only writes to this
    collection count; late: the write itself comes late, too: not before `deliver`; happened: whether one was lost."""

    number: int | None = None
    of: str | None = None
    late: bool = False
    happened: bool = False
    _held: list[Callable[[], Awaitable[Any]]] = field(default_factory=list)

    def arm(self, number: int = 1, *, of: str | None = None, late: bool = False) -> None:
        """Lose the answer of the n-th write from now on."""
        self.number, self.of, self.late, self.happened = number, of, late, False

    def disarm(self) -> None:
        """Lose no more answers."""
        self.number = None

    def strikes(self, where: str) -> bool:
        """Whether the answer of this write is lost. Counts it."""
        if self.number is None or self.of not in (None, where):
            return False
        self.number -= 1
        if self.number:
            return False
        self.number, self.happened = None, True
        return True

    def hold(self, write: Callable[[], Awaitable[Any]]) -> None:
        """Keep a write until `deliver`."""
        self._held.append(write)

    async def deliver(self) -> None:
        """Apply the writes that come late."""
        while self._held:
            await self._held.pop(0)()


@dataclass
class _Collection:
    inner: Any
    name: str
    loss: Loss

    def __getattr__(self, call: str) -> Any:  # noqa: ANN401 - whatever the driver has
        plain = getattr(self.inner, call)
        if call not in WRITES:
            return plain

        async def write(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - as the driver's
            if not self.loss.strikes(self.name):
                return await plain(*given, **named)
            if self.loss.late:
                self.loss.hold(lambda: plain(*given, **named))
            else:
                await plain(*given, **named)
            raise AutoReconnect("connection closed")

        return write


@dataclass
class _Database:
    inner: Database
    loss: Loss

    def __getitem__(self, name: str) -> _Collection:
        return _Collection(self.inner[name], name, self.loss)


@dataclass
class _Connection:
    inner: Any
    loss: Loss

    def open(self) -> Any:  # noqa: ANN401 - stands for the driver's database
        return _Database(self.inner.open(), self.loss)

    async def close(self) -> None:
        await self.inner.close()


def lossy(adapter: MongoStore | MongoFiles, loss: Loss) -> None:
    """Put the loss below an adapter that is not open yet."""
    adapter._connection = _Connection(adapter._connection, loss)  # type: ignore[assignment]


def lossy_connections(loss: Loss) -> type[sqlite3.Connection]:
    """A class of SQLite connections with the loss: COMMIT is durable, and raises."""

    class Lossy(sqlite3.Connection):
        @override
        def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
            cursor = super().execute(sql, *given)
            if sql == "COMMIT" and loss.strikes("COMMIT"):
                raise sqlite3.OperationalError("disk I/O error")
            return cursor

    return Lossy
