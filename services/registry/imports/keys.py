"""The ids of documents that imports create: the same for the same thing, from whichever table it comes."""

from __future__ import annotations

import json
from uuid import UUID, uuid5

_KEYS = UUID("3d0a2b64-58c1-5b0e-8a5c-9f3f5d1c7e42")  # never changes


def agency_key(region: str, name: str, number: int = 0) -> str:
    """An agency's id. name: folded; number: of tries, as long as the id belongs to one that has another name by now."""
    return _key("agency", region, name, number)


def innovation_key(agency: str, year: int, name: str, number: int = 0) -> str:
    """An innovation's id. name: folded; number: as above."""
    return _key("innovation", agency, year, name, number)


def _key(*parts: str | int) -> str:
    return str(uuid5(_KEYS, json.dumps(parts, separators=(",", ":"))))
