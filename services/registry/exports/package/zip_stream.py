"""A ZIP that is sent while it is made: no file on the disk, and no more memory than one chunk and the list of names.

The contents are mostly compressed already (PDF, JPEG, MP4), so they are only framed, not compressed again. Sizes and
checksums follow each file, as every reader of ZIP knows them for Deflate; beyond 4 GiB it is a ZIP64.
"""

from __future__ import annotations

import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

_EARLIEST = 1980  # of the format
_FRAMED, _PACKED = 0, 6  # levels of Deflate
_WHOLE = 64 * 1024  # bytes that are collected before they are sent


@dataclass(frozen=True)
class ZipEntry:
    """A file in the ZIP. name: its path; at: when it was made, in local time; content: its bytes, or the chunks of what
    is compressed already."""

    name: str
    at: datetime
    content: bytes | AsyncIterator[bytes]


class _Sink:
    """What `zipfile` writes to: it cannot seek, and is emptied between two writes."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def taken(self) -> bytes:
        """All that was written since the last call."""
        parts, self._parts, self.size = self._parts, [], 0
        return b"".join(parts)


async def zip_stream(entries: AsyncIterator[ZipEntry]) -> AsyncIterator[bytes]:
    """The ZIP of these entries, in chunks. What an entry raises passes through; the ZIP is without its directory then,
    so that nobody takes it for a whole one."""
    sink = _Sink()
    archive = zipfile.ZipFile(sink, "w")  # type: ignore[call-overload]  # needs no more than write and flush
    async for entry in entries:
        with archive.open(_info(entry), "w") as file:
            if isinstance(entry.content, bytes):
                file.write(entry.content)
            else:
                async for chunk in entry.content:
                    file.write(chunk)
                    if sink.size >= _WHOLE:
                        yield sink.taken()
        if sink.size >= _WHOLE:
            yield sink.taken()
    archive.close()
    yield sink.taken()


def _info(entry: ZipEntry) -> zipfile.ZipInfo:
    at = entry.at if entry.at.year >= _EARLIEST else entry.at.replace(year=_EARLIEST)
    info = zipfile.ZipInfo(entry.name, at.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    info._compresslevel = _PACKED if isinstance(entry.content, bytes) else _FRAMED  # type: ignore[attr-defined]  # noqa: SLF001 - public from Python 3.13 only
    return info
