"""How much space is left for evidence files. A full disk would stop the stores and the queues beside them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from shared.clock import machine_seconds
from shared.faults import StorageLow
from shared.ports.files import Files

_COUNT_EVERY = 600.0  # seconds; between two counts, what this process stores is added


class StorageRoom:
    """Refuses uploads while less than a reserve would be left."""

    def __init__(self, files: Files, *, reserve: int, limit: int) -> None:
        """reserve: bytes; limit: bytes of all files together, 0 for none."""
        self._files = files
        self._reserve = reserve
        self._limit = limit
        self._under_way = 0
        self._used = 0
        self._counted_at = float("-inf")
        self._counting = asyncio.Lock()

    async def require(self, size: int) -> None:
        """Raise StorageLow unless `size` bytes fit beside the uploads under way. Raises FilesAway."""
        free = await self._free()
        if free is not None and free - self._under_way - size < self._reserve:
            raise StorageLow(
                "Ruang penyimpanan berkas hampir habis; unggahan ditutup sementara. Pengajuan tetap dapat dilakukan."
            )

    @contextmanager
    def taking(self, size: int) -> Iterator[None]:
        """Count an upload of at most `size` bytes as under way."""
        self._under_way += size
        try:
            yield
        finally:
            self._under_way -= size

    def taken(self, size: int) -> None:
        """A file of this size was stored."""
        self._used += size

    async def _free(self) -> int | None:
        free = await self._files.free()
        if not self._limit:
            return free
        left = self._limit - await self._count()
        return left if free is None else min(left, free)

    async def _count(self) -> int:
        async with self._counting:
            if machine_seconds() - self._counted_at > _COUNT_EVERY:
                self._used = sum([file.size async for file in self._files.kept()])
                self._counted_at = machine_seconds()
        return self._used
