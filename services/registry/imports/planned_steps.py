"""The steps of a plan while it is made, in a temporary file, so that memory does not grow with them."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO

from services.registry.imports.planned import Step
from shared.tables.limits import MEGABYTE

_IN_MEMORY = MEGABYTE  # bytes; a longer file goes to the temporary folder


class PlannedSteps:
    """Steps in the order in which they are applied. The file is removed with the object."""

    def __init__(self) -> None:
        self._file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with the object
        weakref.finalize(self, self._file.close)
        self._count = 0

    def append(self, step: Step) -> None:
        """Add a step."""
        self._file.write(f"{step.model_dump_json()}\n".encode())
        self._count += 1

    def __len__(self) -> int:
        """How many steps there are."""
        return self._count

    def lines(self) -> Iterator[bytes]:
        """The steps as JSON, a line each. No step is added any more."""
        self._file.seek(0)
        yield from self._file
