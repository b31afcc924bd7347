"""Stores an uploaded file within all limits: of its kind, of the agency's day, and of the storage."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

from services.registry.evidence.form import UploadLimits
from services.registry.files.quota import UploadQuota
from services.registry.files.room import StorageRoom
from services.registry.regions.region import Region
from shared.ports.files import Files, StoredFile


@dataclass(frozen=True)
class Charge:
    """Whose daily quota an upload counts against."""

    agency: str
    region: Region


class Uploads:
    """Takes uploads of the registry."""

    def __init__(self, files: Files, room: StorageRoom, quota: UploadQuota) -> None:
        self._files = files
        self._room = room
        self._quota = quota

    async def store(
        self, chunks: AsyncIterator[bytes], limits: UploadLimits, *, declared: int | None, charge: Charge | None
    ) -> StoredFile:
        """Store a file. declared: the size of the request, if it tells one; charge: None for accounts without a quota.

        Raises Invalid (field `file`: empty, too-large, wrong-type), StorageLow and QuotaSpent before the file is read,
        FilesAway.
        """
        size = limits.largest if declared is None else min(declared, limits.largest)
        await self._room.require(size)
        async with AsyncExitStack() as held:
            held.enter_context(self._room.taking(size))
            reserved = None
            if charge is not None:
                reserved = await held.enter_async_context(self._quota.reserved(charge.agency, charge.region, size))
            stored = await self._files.put(chunks, most=limits.sizes)
            if reserved is not None:
                reserved.used = stored.size
        self._room.taken(stored.size)
        return stored
