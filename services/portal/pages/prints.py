"""A short print of a stored value, which a form carries to tell whether it was changed since. Pure."""

from __future__ import annotations

import hashlib
import json

_SIGNS = 12  # hexadecimal digits


def print_of(value: object) -> str:
    """The print of a JSON value; nothing, an empty text and an empty list have the same."""
    text = json.dumps(value or None, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:_SIGNS]
