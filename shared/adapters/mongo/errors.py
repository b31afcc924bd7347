"""Translates the driver's errors into faults."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from bson.errors import InvalidDocument
from pymongo.errors import (
    DocumentTooLarge,
    DuplicateKeyError,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)

from shared.faults import Away, StoreAway

_OUR_MISTAKES = frozenset({2, 9, 14, 40, 52, 54, 56, 59, 66, 67, 85, 86, 31249, 31250})
"""Server error codes that no retry can cure (bad value, failed to parse, type mismatch, conflicting update operators,
bad field names, unknown command, immutable field, an index that cannot be created, a projection of a path and of a part
of it): they pass through unchanged."""

_TOO_LARGE = frozenset({10334, 17419, 17420})
"""The document is larger than a server keeps."""


@contextlib.contextmanager
def driver_errors_as(away: type[Away]) -> Iterator[None]:
    """Raise `away` for the driver's errors, and ValueError for a document that cannot be stored. A duplicate key and
    mistakes of our own pass through."""
    try:
        yield
    except DuplicateKeyError:
        raise
    except (InvalidDocument, DocumentTooLarge) as error:
        raise ValueError(str(error)) from error
    except OperationFailure as error:
        if error.code in _OUR_MISTAKES:
            raise
        raise away(f"MongoDB: {_brief(error)}") from error
    except PyMongoError as error:
        raise away(f"MongoDB: {_brief(error)}") from error


@contextlib.asynccontextmanager
async def answered(within: float | None) -> AsyncIterator[None]:
    """As `driver_errors_as(StoreAway)`, and raise StoreAway after `within` seconds."""
    cancelled = _cancellations()
    try:
        with driver_errors_as(StoreAway):
            async with asyncio.timeout(within) as limit:
                yield
        if _cancellations() > cancelled:  # PyMongo may mistake a cancellation for a broken connection and retry
            raise asyncio.CancelledError
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise StoreAway(f"MongoDB did not answer within {within} seconds") from error


def is_unreachable(error: BaseException) -> bool:
    """Whether no server could be found within the driver's time: what was asked meanwhile would find none either."""
    return isinstance(error.__cause__, ServerSelectionTimeoutError)


def write_error(error: Mapping[str, Any]) -> Exception:
    """What one write of a bulk that met this error raises: as `driver_errors_as(StoreAway)`."""
    if error["code"] in _TOO_LARGE:
        return ValueError(error["errmsg"])
    if error["code"] in _OUR_MISTAKES:
        return OperationFailure(error["errmsg"], error["code"])
    return StoreAway(f"MongoDB: {error['errmsg']}")


def _cancellations() -> int:
    task = asyncio.current_task()
    return 0 if task is None else task.cancelling()


def _brief(error: PyMongoError) -> str:
    return f"{type(error).__name__}: {str(error).split(', full error')[0].split(', Timeout:')[0]}"
