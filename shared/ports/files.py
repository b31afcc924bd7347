"""The port to evidence files. Adapters: `shared/adapters/folder.py` and `shared/adapters/mongo/gridfs.py`.

A file is addressed by the SHA-256 of its bytes: storing the same file twice stores it once, and a partly written file
is never visible under its digest.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class StoredFile:
    """A stored file. digest: SHA-256 in hex; size: bytes; media_type: detected from its first bytes, never from its
    name."""

    digest: str
    size: int
    media_type: str


@dataclass(frozen=True)
class KeptFile:
    """A file as `kept` lists it. put_at: machine time of the last `put` of these bytes."""

    digest: str
    size: int
    put_at: datetime


class Files(Protocol):
    """The evidence files of a service. Safe for many coroutines of one loop.

    All methods raise FilesAway when the storage does not answer or is full.
    """

    async def open(self) -> None:
        """Connect, create what is missing, and remove what interrupted uploads left."""

    async def close(self) -> None:
        """Disconnect. A `put` under way fails."""

    async def ping(self) -> None:
        """Return when the storage answers and can write."""

    async def put(self, chunks: AsyncIterator[bytes], *, most: Mapping[str, int]) -> StoredFile:
        """Store a streamed file. most: the accepted media types, and the most bytes of each.

        Raises Invalid (field `file`; codes too-large, empty, wrong-type) when the file is empty, of another type or,
        as soon as it is, larger than its type allows; then nothing is kept."""

    def get(self, digest: str) -> AsyncIterator[bytes]:
        """Stream a file in chunks. Raises NotFound before the first chunk."""

    async def stat(self, digest: str) -> StoredFile | None:
        """The size and media type of a file; None when it does not exist."""

    def digests(self) -> AsyncIterator[str]:
        """The digests of all files, in order: for backups."""

    def kept(self) -> AsyncIterator[KeptFile]:
        """All files, in the order of their digests. Not a snapshot."""

    async def delete(self, digest: str, *, put_before: datetime) -> bool:
        """Delete a file, unless it was put at or after that machine time: a `put` of the same bytes at the same time
        either keeps the file or stores it again. False when there was nothing to delete."""

    async def free(self) -> int | None:
        """Bytes that the storage can still take; None when it cannot tell."""
