"""Keeps the files of imports in the file store, compressed: the table as it was sent, and the rows as they were
checked."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from tempfile import SpooledTemporaryFile
from typing import IO

from services.registry.evidence.form import UploadLimits
from services.registry.files.uploads import Uploads
from services.registry.imports.planned import Step
from services.registry.imports.planned_steps import GZIP_BITS, PlannedSteps
from shared.ports.files import Files, StoredFile
from shared.tables.limits import LARGEST_FILE, MEGABYTE, refused

GZIP = "application/gzip"
_LIMITS = UploadLimits({GZIP: 2 * LARGEST_FILE})
_IN_MEMORY = MEGABYTE
_PIECE = 256 * 1024  # bytes that are decompressed at once


class KeptFiles:
    """The files of imports. All methods raise FilesAway."""

    def __init__(self, files: Files, uploads: Uploads) -> None:
        self._files = files
        self._uploads = uploads

    async def keep(self, chunks: AsyncIterator[bytes]) -> tuple[StoredFile, int]:
        """Store a table as it is sent; with its size before compression. Raises Invalid (field `file`) for one that is
        empty or too large, StorageLow."""
        size = 0

        async def counted() -> AsyncIterator[bytes]:
            nonlocal size
            async for chunk in chunks:
                size += len(chunk)
                if size > LARGEST_FILE:
                    raise refused("too-large", f"berkas lebih besar dari {LARGEST_FILE // MEGABYTE} MB")
                yield chunk

        stored = await self._uploads.store(_compressed(counted()), _LIMITS, declared=None, charge=None)
        if size == 0:
            raise refused("empty", "berkas kosong")
        return stored, size

    async def opened(self, digest: str) -> IO[bytes]:
        """A table that was stored, to be closed by the caller. Raises NotFound."""
        file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the caller closes it
        async for piece in _inflated(self._files.get(digest)):
            file.write(piece)
        file.seek(0)
        return file

    async def keep_steps(self, steps: PlannedSteps) -> str:
        """Store checked rows. Returns the digest. Raises StorageLow."""
        stored = await self._uploads.store(_pieces(steps), _LIMITS, declared=None, charge=None)
        return stored.digest

    async def steps(self, digest: str) -> AsyncIterator[Step]:
        """Checked rows, in order. Raises NotFound."""
        rest = b""
        async for piece in _inflated(self._files.get(digest)):
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                yield Step.model_validate_json(line)


async def _compressed(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    deflate = zlib.compressobj(1, zlib.DEFLATED, GZIP_BITS)
    async for chunk in chunks:
        if piece := deflate.compress(chunk):
            yield piece
    yield deflate.flush()


async def _inflated(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    inflate = zlib.decompressobj(GZIP_BITS)
    async for chunk in chunks:
        left = chunk
        while left:
            yield inflate.decompress(left, _PIECE)
            left = inflate.unconsumed_tail
    yield inflate.flush()


async def _pieces(steps: PlannedSteps) -> AsyncIterator[bytes]:
    for piece in steps.compressed():
        yield piece
        await asyncio.sleep(0)
