"""The steps of a plan while it is made, in a compressed temporary file, so that memory does not grow with them."""

from __future__ import annotations

import weakref
import zlib
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO

from services.registry.imports.planned import Step
from shared.tables.limits import MEGABYTE

GZIP_BITS = 31
"""The `wbits` of zlib for a stream with a header of gzip."""

_IN_MEMORY = MEGABYTE  # bytes; a longer file goes to the temporary folder, which may be memory
_FASTEST = 1  # of zlib's levels
_PIECE = 256 * 1024  # bytes


class PlannedSteps:
    """Steps in the order in which they are applied. The file is removed with the object."""

    def __init__(self) -> None:
        self._file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with the object
        weakref.finalize(self, self._file.close)
        self._deflate = zlib.compressobj(_FASTEST, zlib.DEFLATED, GZIP_BITS)
        self._count = 0

    def append(self, step: Step) -> None:
        """Add a step."""
        self._file.write(self._deflate.compress(f"{step.model_dump_json()}\n".encode()))
        self._count += 1

    def __len__(self) -> int:
        """How many steps there are."""
        return self._count

    def compressed(self) -> Iterator[bytes]:
        """The steps as JSON, a line each, by gzip, in pieces. To be called once: no step is added any more."""
        self._file.write(self._deflate.flush())
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            yield piece
