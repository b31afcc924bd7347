"""Opens the package of an XLSX file (ECMA-376 part 2) and gives its parts as bounded streams.

Nothing that the archive claims of itself is believed: its directory is measured before it is read, and the bytes of
each part are counted while they come.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import IO, BinaryIO, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from shared.tables.limits import LARGEST_OPENED, MEGABYTE, refused, too_much

_END = b"PK\x05\x06"  # of the directory, 22 bytes and a comment of up to 65,535
_END64 = b"PK\x06\x07"
_END_SIZE = 22
_LARGEST_DIRECTORY = MEGABYTE
_MOST_RATIO = 1_000  # DEFLATE cannot do more than 1,032
_CHUNK = 64 * 1024
_MACROS = ("vbaproject.bin", "macrosheets/")
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"

_UNREADABLE = (BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError)


def is_old_workbook(head: bytes) -> bool:
    """Whether it is an XLS file, or a workbook with a password, which is stored in the same container."""
    return head.startswith(_OLD)


class Package:
    """The parts of one file. Raises Invalid (field `file`) for what is no workbook, or has macros."""

    def __init__(self, file: BinaryIO) -> None:
        _require_small_directory(file)
        try:
            self._archive = ZipFile(file)
        except _UNREADABLE as error:
            raise unreadable() from error
        self._left = LARGEST_OPENED
        self._names = {each.filename.lstrip("/").casefold(): each for each in self._archive.infolist()}
        if any(macro in name for name in self._names for macro in _MACROS):
            raise refused("macros", "berkas memuat makro; simpan sebagai XLSX tanpa makro")

    def __enter__(self) -> Self:
        """The package itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self._archive.close()

    def __contains__(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.casefold() in self._names

    @contextmanager
    def part(self, name: str) -> Iterator[Iterator[bytes]]:
        """A part in chunks. Raises Invalid when it is missing, damaged or too large."""
        found = self._names.get(name.casefold())
        if found is None or found.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise unreadable()
        if found.file_size > self._left or found.file_size > _MOST_RATIO * max(found.compress_size, _CHUNK):
            raise too_much()
        try:
            with self._archive.open(found) as stream:
                yield self._chunks(stream)
        except _UNREADABLE as error:
            raise unreadable() from error

    def _chunks(self, stream: IO[bytes]) -> Iterator[bytes]:
        while chunk := stream.read(_CHUNK):
            self._left -= len(chunk)
            if self._left < 0:
                raise too_much()
            yield chunk


def unreadable() -> Exception:
    """The fault of a file that is no whole workbook."""
    return refused("unreadable", "bukan berkas XLSX yang utuh")


def _require_small_directory(file: BinaryIO) -> None:
    """Raise Invalid for an archive whose directory would fill the memory: it is held there as a whole."""
    end = file.seek(0, 2)
    start = max(0, end - _END_SIZE - 0xFFFF - 20)
    file.seek(start)
    tail = file.read()
    file.seek(0)
    place = tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_SIZE:
        raise unreadable()
    size = int.from_bytes(tail[place + 12 : place + 16], "little")
    if size > _LARGEST_DIRECTORY or tail[max(0, place - 20) : place].startswith(_END64):
        raise too_much()
