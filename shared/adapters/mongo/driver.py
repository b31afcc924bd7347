"""The one room that knows which driver is in use: motor, or its successor, PyMongo's own AsyncMongoClient.

The rest uses only calls that both have. Motor gets critical fixes only, until May 2027.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Literal, cast

from bson.errors import InvalidDocument
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DocumentTooLarge, DuplicateKeyError, OperationFailure, PyMongoError
from pymongo.uri_parser import parse_uri

from shared.faults import Away, Flaw, Misconfigured

DriverName = Literal["motor", "pymongo"]
Row = dict[str, Any]
Database = AsyncDatabase[Row]

_OUR_MISTAKE = frozenset({2, 9, 14, 40, 52, 54, 56, 59, 66, 67, 85, 86, 31249, 31250})
"""Server error codes that no waiting mends (bad value, failed to parse, type mismatch, conflicting update operators,
bad field names, unknown command, immutable field, an index that cannot be made,
a projection of a path and of a part of it): they pass through as they are."""

ANSWER_SECONDS = 3.0  # to find a server, to connect, to get a connection of the pool
WORK_SECONDS = 8.0  # for one call, once connected
WHOLE_SECONDS = 15.0  # for all calls of one piece of work, waiting for its turn included
_CANCELLED_WITHIN = 1.0
CLOSE_SECONDS = 5.0  # for goodbye: a server that does not answer keeps nobody from stopping


class MongoConnection:
    """A client of either driver, with write concern majority and journal, and short limits where the URL sets none.

    url: with the database in its path. Raises Misconfigured when it is no MongoDB URL or names no database.
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
        """The database of the URL; the driver connects by itself at the first call. Only within a running loop."""
        if self._driver == "motor":
            self._client = AsyncIOMotorClient(self._url, io_loop=asyncio.get_running_loop(), **self._options)
        else:
            self._client = AsyncMongoClient(self._url, **self._options)
        return cast("Database", self._client.get_default_database())

    async def close(self) -> None:
        """Let go of all connections, within CLOSE_SECONDS and without holding up the loop."""
        if self._client is None:
            return
        client, self._client = self._client, None
        closing = _beside_the_loop(client.close) if self._driver == "motor" else client.close()
        task = asyncio.ensure_future(closing)
        _, late = await asyncio.wait([task], timeout=CLOSE_SECONDS)
        if late:
            task.cancel()
            await asyncio.wait([task], timeout=_CANCELLED_WITHIN)
        else:
            task.result()


def _beside_the_loop(work: Callable[[], None]) -> Awaitable[None]:
    """Motor says goodbye to the server by a blocking call: in a thread that nobody waits for at the process's end."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def ended(trouble: Exception | None) -> None:
        if done.cancelled():
            return
        if trouble is None:
            done.set_result(None)
        else:
            done.set_exception(trouble)

    def run() -> None:
        trouble = None
        try:
            work()
        except Exception as error:  # noqa: BLE001 - told to who waits
            trouble = error
        with contextlib.suppress(RuntimeError):  # the loop has closed meanwhile
            loop.call_soon_threadsafe(ended, trouble)

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


@contextlib.contextmanager
def answering(away: type[Away]) -> Iterator[None]:
    """Turn the driver's troubles into `away`, and a document that cannot be stored into ValueError. A duplicate key and
    our own mistakes pass through."""
    try:
        yield
    except DuplicateKeyError:
        raise
    except (InvalidDocument, DocumentTooLarge) as error:
        raise ValueError(str(error)) from error
    except OperationFailure as error:
        if error.code in _OUR_MISTAKE:
            raise
        raise away(f"MongoDB: {_brief(error)}") from error
    except PyMongoError as error:
        raise away(f"MongoDB: {_brief(error)}") from error


def _brief(error: PyMongoError) -> str:
    return f"{type(error).__name__}: {str(error).split(', full error')[0].split(', Timeout:')[0]}"
