"""The seal of a day: what it is, and how its SHA-256 is made.

The digest is over UTF-8 lines, each ended by a line feed: the digest of the seal before (empty for the first one), the
day, and the day's entries as canonical JSON in the order of their ids. So no entry can be changed, added or removed,
and no seal exchanged, without all later seals becoming others.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class SealStatus(StrEnum):
    """CLOSED: no entry is put on the day any more; SEALED: all that were under way are there, and it has a digest."""

    CLOSED = "closed"
    SEALED = "sealed"


class Seal(BaseModel):
    """As it is stored, under its day. before: the digest of the day before, empty for the first one; entries: how many
    the day has; sha256: in hex, empty until it is sealed; sealed_at: machine time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: SealStatus
    before: str = ""
    entries: int = 0
    sha256: str = ""
    sealed_at: datetime | None = None


class Digest:
    """The digest of a day, entry by entry."""

    def __init__(self, before: str, day: str) -> None:
        self._sha = hashlib.sha256(f"{before}\n{day}\n".encode())
        self.entries = 0

    def add(self, entry: str) -> None:
        """The next entry, in the order of ids."""
        self._sha.update(entry.encode())
        self._sha.update(b"\n")
        self.entries += 1

    def hex(self) -> str:
        """The SHA-256."""
        return self._sha.hexdigest()
