"""Translates the driver's errors into faults."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from bson.errors import InvalidDocument
from pymongo.errors import DocumentTooLarge, DuplicateKeyError, OperationFailure, PyMongoError

from shared.faults import Away

_OUR_MISTAKES = frozenset({2, 9, 14, 40, 52, 54, 56, 59, 66, 67, 85, 86, 31249, 31250})
"""Server error codes that no retry can cure (bad value, failed to parse, type mismatch, conflicting update operators,
bad field names, unknown command, immutable field, an index that cannot be created, a projection of a path and of a part
of it): they pass through unchanged."""


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


def _brief(error: PyMongoError) -> str:
    return f"{type(error).__name__}: {str(error).split(', full error')[0].split(', Timeout:')[0]}"
