"""Checks a file while it is uploaded: size, media type and digest. Used by every adapter of the files port."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from shared.faults import Flaw, Invalid
from shared.ports.files import StoredFile

_MEGABYTE = 1024 * 1024

HEAD = 64  # bytes that decide the media type
PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
MP4 = "video/mp4"
GZIP = "application/gzip"  # what this system has compressed
_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_MP4_BRANDS = frozenset(
    f"{brand:4}".encode()
    for brand in (
        *("isom", "iso2", "iso3", "iso4", "iso5", "iso6", "iso7", "iso8", "iso9", "mp41", "mp42", "mp71", "mmp4"),
        *("avc1", "hvc1", "dash", "MSNV", "M4V", "M4VP", "M4VH", "F4V", "f4v", "XAVC"),
    )
)


class FileCheck:
    """Checks the chunks of one file. most: media type → the most bytes; other types are refused."""

    def __init__(self, most: Mapping[str, int]) -> None:
        self._most_of = most
        self._most = max(most.values(), default=0)
        self._head = b""
        self._size = 0
        self._hash = hashlib.sha256()

    def add(self, chunk: bytes) -> None:
        """Check the next chunk. Raises Invalid as soon as the file is of a wrong type or too large for its type."""
        self._size += len(chunk)
        if len(self._head) < HEAD:
            self._head = (self._head + chunk)[:HEAD]
            if len(self._head) == HEAD:
                self._most = self._most_of[self._check_type()]
        self._check_size()
        self._hash.update(chunk)

    def finish(self) -> StoredFile:
        """The digest, size and type after the last chunk. Raises Invalid for an empty file or a wrong type."""
        if not self._size:
            raise _invalid("empty", "Berkas kosong.")
        found = self._check_type()
        self._most = self._most_of[found]
        self._check_size()
        return StoredFile(self._hash.hexdigest(), self._size, found)

    def _check_size(self) -> None:
        if self._size > self._most:
            limit = f"{self._most / _MEGABYTE:.1f}".replace(".", ",").removesuffix(",0")
            raise _invalid("too-large", f"Berkas lebih besar dari {limit} MB.")

    def _check_type(self) -> str:
        found = media_type(self._head)
        if found is None or found not in self._most_of:
            kinds = ", ".join(sorted(type.rpartition("/")[2].upper() for type in self._most_of))
            raise _invalid("wrong-type", f"Isi berkas bukan jenis yang diterima ({kinds}).")
        return found


def _invalid(code: str, message: str) -> Invalid:
    return Invalid([Flaw("file", code, message)])


def media_type(head: bytes) -> str | None:
    """The media type of a file that begins with `head` (HEAD bytes, or a whole shorter file); None when unknown."""
    if head[:5] == b"%PDF-" and head[5:6].isdigit():
        return PDF
    if head[:3] == b"\xff\xd8\xff" and b"\xc0" <= head[3:4] <= b"\xfe":  # a marker follows
        return JPEG
    if head.startswith(_PNG):
        return PNG
    if head[4:8] == b"ftyp" and head[8:12] in _MP4_BRANDS:
        return MP4
    if head[:3] == b"\x1f\x8b\x08":
        return GZIP
    return None
