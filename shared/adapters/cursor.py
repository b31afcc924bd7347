"""Decodes page cursors, and encodes them as the port says."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

from shared.adapters.stored_form import plain
from shared.faults import Flaw, Invalid
from shared.ports.cursor import encode_cursor

__all__ = ["decode_cursor", "encode_cursor"]

_SCALARS = (str, int, float, bool, type(None))


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
