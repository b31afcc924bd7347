"""The cursor of a page: the sort key values of the last document on it, in a form that every store reads.

Callers put a cursor into URLs, so never sort by a value that may not appear there.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any


def encode_cursor(sort: Sequence[tuple[str, int]], values: Sequence[Any]) -> str:
    """The cursor after a document with these values of the full sort's keys (the last is the id)."""
    text = json.dumps([[list(key) for key in sort], list(values)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def first_value(cursor: str) -> Any:  # noqa: ANN401 - any JSON scalar
    """The value of the first sort key in a cursor; None for a malformed one, which the store refuses."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        return json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))[1][0]
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
