"""Encodes and decodes page cursors: the sort key values of the last document of a page.

Callers put a cursor into URLs, so never sort by a value that may not appear there.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

from shared.adapters.stored_form import plain
from shared.faults import Flaw, Invalid

_SCALARS = (str, int, float, bool, type(None))


def encode_cursor(sort: Sequence[tuple[str, int]], values: Sequence[Any]) -> str:
    """The cursor after a document with these values of the full sort's keys (the last is the id)."""
    text = json.dumps([[list(key) for key in sort], list(values)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(sort: Sequence[tuple[str, int]], cursor: str) -> list[Any]:
    """The values to continue after. Raises Invalid (field `after`) for a malformed cursor or one of another sort."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        keys, values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError, RecursionError):
        keys, values = None, None
    if keys == [list(key) for key in sort] and isinstance(values, list) and _are_keys(values, len(keys)):
        return values
    raise Invalid([Flaw("after", "bad-cursor", "Penanda halaman tidak dikenal; mulai lagi tanpa `after`.")])


def _are_keys(values: list[Any], count: int) -> bool:
    try:
        plain(values)
    except ValueError:
        return False
    return len(values) == count and isinstance(values[-1], str) and all(isinstance(each, _SCALARS) for each in values)
