"""Connects with either driver: motor, or its successor, PyMongo's own AsyncMongoClient.

Only this module knows which one is in use; the others call only what both have. Motor gets critical fixes only, until
May 2027.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable
from typing import Any, Literal, cast

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import PyMongoError
from pymongo.uri_parser import parse_uri

from shared.faults import Flaw, Misconfigured

DriverName = Literal["motor", "pymongo"]
Row = dict[str, Any]
Database = AsyncDatabase[Row]
Documents = AsyncCollection[Row]

ANSWER_SECONDS = 3.0  # to find a server, to connect, to get a connection from the pool
WORK_SECONDS = 8.0  # for one call, once connected
WHOLE_SECONDS = 15.0  # for all calls of one operation, waiting for its lock included
_CANCEL_SECONDS = 1.0  # for a cancelled close to end
CLOSE_SECONDS = 5.0  # a server that does not answer must not keep a process from stopping


class MongoConnection:
    """A client of either driver, with write concern majority and journal, and short limits where the URL sets none.

    url: with the database in its path. Raises Misconfigured for a URL that is not MongoDB's or names no database.
    """

    def __init__(self, url: str, driver: DriverName) -> None:
        self._url = url
        self._driver = driver
        self._client: Any = None
        try:
            parsed = parse_uri(url, validate=True, warn=False) if url.startswith("mongodb://") else {"database": "?"}
        except (PyMongoError, ValueError) as error:
            raise Misconfigured([Flaw("STORE_URL", "bad-url", f"no MongoDB URL: {error}")]) from error
        if not parsed["database"]:
            raise Misconfigured([Flaw("STORE_URL", "no-database", "the URL names no database (mongodb://host/name)")])
        given = {str(name).lower() for name in parsed.get("options", {})}
        self._options = {name: value for name, value in _defaults().items() if name.lower() not in given}

    def open(self) -> Database:
        """The database of the URL; the driver connects at the first call. Needs a running loop."""
        if self._driver == "motor":
            self._client = AsyncIOMotorClient(self._url, io_loop=asyncio.get_running_loop(), **self._options)
        else:
            self._client = AsyncMongoClient(self._url, **self._options)
        return cast("Database", self._client.get_default_database())

    async def close(self) -> None:
        """Close all connections within CLOSE_SECONDS, without blocking the loop."""
        if self._client is None:
            return
        client, self._client = self._client, None
        closing = _in_daemon_thread(client.close) if self._driver == "motor" else client.close()
        task = asyncio.ensure_future(closing)
        _, late = await asyncio.wait([task], timeout=CLOSE_SECONDS)
        if late:
            task.cancel()
            await asyncio.wait([task], timeout=_CANCEL_SECONDS)
        else:
            task.result()


def _in_daemon_thread(work: Callable[[], None]) -> Awaitable[None]:
    """Run motor's blocking close in a thread that does not keep the process from ending."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def ended(failure: Exception | None) -> None:
        if done.cancelled():
            return
        if failure is None:
            done.set_result(None)
        else:
            done.set_exception(failure)

    def run() -> None:
        failure = None
        try:
            work()
        except Exception as error:  # noqa: BLE001 - raised in the waiting coroutine
            failure = error
        with contextlib.suppress(RuntimeError):  # the loop is closed already
            loop.call_soon_threadsafe(ended, failure)

    threading.Thread(target=run, name="mongodb-close", daemon=True).start()
    return done


def _defaults() -> dict[str, Any]:
    answer, work = int(ANSWER_SECONDS * 1000), int(WORK_SECONDS * 1000)
    return {
        "w": "majority",
        "journal": True,
        "wTimeoutMS": work,
        "serverSelectionTimeoutMS": answer,
        "connectTimeoutMS": answer,
        "waitQueueTimeoutMS": answer,
        "socketTimeoutMS": work,
        "appname": "satu-inovasi",
    }
