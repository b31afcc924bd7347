"""The port to evidence files. Adapters: `adapters/folder_files.py`, `adapters/mongo_files.py` (GridFS).

Content-addressed: a file's name is the SHA-256 of its bytes, so that storing the same file twice stores it once, and
a
half-written file is never seen under its name.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class StoredFile:
    """digest: SHA-256 in hex; size: bytes; media_type: found by magic number, never by name."""

    digest: str
    size: int
    media_type: str


class Files(Protocol):
    """Safe for many coroutines. All methods raise FilesAway when the home does not answer or is full."""

    async def open(self) -> None:
        """Connect and make what is needed; remove what earlier crashes left half-written."""

    async def close(self) -> None:
        """Let go. A `put` under way fails."""

    async def ping(self) -> None:
        """Return when the home answers and can write."""

    async def put(self, chunks: AsyncIterator[bytes], *, most: int, accept: frozenset[str]) -> StoredFile:
        """Stream a file in. Raises Invalid (field `file`; codes too-large, empty, wrong-type) when it is larger than
        `most`
        bytes, empty, or its content is none of the media types in `accept`; nothing is kept then."""

    def get(self, digest: str) -> AsyncIterator[bytes]:
        """Stream a file out in chunks. Raises NotFound before the first chunk."""

    async def stat(self, digest: str) -> StoredFile | None:
        """What is known of a file; None when there is none."""

    def digests(self) -> AsyncIterator[str]:
        """All files: for backups."""
