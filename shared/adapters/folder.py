"""Evidence files in a folder: ``<folder>/<first two digits>/<digest>``.

A file is written under ``incoming/``, synced and then renamed to its digest, so that a digest always names a complete
file. The media type is not stored: it is detected from the first bytes on every request. The time of the last `put` is
the file's own.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import re
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeVar

from typing_extensions import override

from shared.adapters.file_check import HEAD, FileCheck, media_type
from shared.faults import FilesAway, NotFound
from shared.ports.files import Files, KeptFile, StoredFile

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SUBFOLDER = re.compile(r"[0-9a-f]{2}")
_CHUNK = 256 * 1024  # bytes read and written at once
_INCOMING = "incoming"
_LOCK = "lock"


T = TypeVar("T")


class FolderFiles(Files):
    """See `shared.ports.files.Files`. folder: created with its parents, readable by this user only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = False

    @override
    async def open(self) -> None:
        with _away_on_error():
            await in_thread(self._create_folders)
        self._open = True

    @override
    async def close(self) -> None:
        self._open = False

    @override
    async def ping(self) -> None:
        self._check_open()
        with _away_on_error():
            await in_thread(self._try_writing)

    @override
    async def put(self, chunks: AsyncIterator[bytes], *, most: Mapping[str, int]) -> StoredFile:
        self._check_open()
        check = FileCheck(most)
        with _away_on_error():
            incoming = self._begin()
        try:
            buffer = bytearray()
            async for chunk in chunks:
                self._check_open()
                check.add(chunk)
                buffer += chunk
                if len(buffer) >= _CHUNK:
                    await _write(incoming, bytes(buffer))
                    buffer.clear()
            stored = check.finish()
            await _write(incoming, bytes(buffer))
            self._check_open()
            with _away_on_error():
                await in_thread(lambda: self._finish(incoming, stored.digest))
        except BaseException:
            await in_thread(lambda: _discard(incoming))
            raise
        return stored

    @override
    async def get(self, digest: str) -> AsyncIterator[bytes]:
        self._check_open()
        with _away_on_error():
            file = self._open_file(digest)
        try:
            while True:
                with _away_on_error():
                    chunk = await in_thread(lambda: file.read(_CHUNK))
                if not chunk:
                    return
                yield chunk
        finally:
            file.close()

    @override
    async def stat(self, digest: str) -> StoredFile | None:
        self._check_open()
        with _away_on_error():
            return await in_thread(lambda: self._described(digest))

    @override
    async def digests(self) -> AsyncIterator[str]:
        self._check_open()
        with _away_on_error():
            subfolders = await in_thread(partial(_names, self._folder, _SUBFOLDER))
        for subfolder in subfolders:
            with _away_on_error():
                digests = await in_thread(partial(_names, self._folder / subfolder, _DIGEST))
            for digest in digests:
                yield digest

    @override
    async def kept(self) -> AsyncIterator[KeptFile]:
        self._check_open()
        with _away_on_error():
            subfolders = await in_thread(partial(_names, self._folder, _SUBFOLDER))
        for subfolder in subfolders:
            with _away_on_error():
                files = await in_thread(partial(_kept, self._folder / subfolder))
            for file in files:
                yield file

    @override
    async def delete(self, digest: str, *, put_before: datetime) -> bool:
        self._check_open()
        with _away_on_error():
            return await in_thread(lambda: self._delete(digest, put_before.timestamp()))

    @override
    async def free(self) -> int | None:
        self._check_open()
        with _away_on_error():
            status = await in_thread(lambda: os.statvfs(self._folder))
        return status.f_bavail * status.f_frsize

    def _check_open(self) -> None:
        if not self._open:
            raise FilesAway("the folder of evidence files is closed")

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest

    def _create_folders(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        incoming = self._folder / _INCOMING
        incoming.mkdir(mode=0o700, exist_ok=True)
        for leftover in incoming.iterdir():
            with contextlib.suppress(FileNotFoundError, BlockingIOError), leftover.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # refused while another process writes it
                leftover.unlink()

    def _begin(self) -> BinaryIO:
        file = (self._folder / _INCOMING / uuid.uuid4().hex).open("xb", buffering=0)
        fcntl.flock(file, fcntl.LOCK_EX)
        return file

    def _finish(self, incoming: BinaryIO, digest: str) -> None:
        os.fsync(incoming.fileno())
        path = self._path(digest)
        if not path.parent.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            _sync(self._folder)
        with self._locked():
            os.utime(incoming.fileno())
            Path(incoming.name).replace(path)  # replaces the same file, if it exists
        _sync(path.parent)
        incoming.close()

    def _delete(self, digest: str, put_before: float) -> bool:
        path = self._path(digest)
        with self._locked():
            try:
                if not _DIGEST.fullmatch(digest) or path.stat().st_mtime >= put_before:
                    return False
                path.unlink()
            except FileNotFoundError:
                return False
        return True

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Keeps a deletion and a `put` of the same bytes apart, also those of two processes."""
        with (self._folder / _LOCK).open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _try_writing(self) -> None:
        file = self._begin()
        try:
            file.write(b"ping")
            os.fsync(file.fileno())
        finally:
            _discard(file)

    def _open_file(self, digest: str) -> BinaryIO:
        if not _DIGEST.fullmatch(digest):
            raise NotFound("no such file")
        try:
            return self._path(digest).open("rb", buffering=0)
        except FileNotFoundError:
            raise NotFound(f"no file {digest}") from None

    def _described(self, digest: str) -> StoredFile | None:
        try:
            with self._open_file(digest) as file:
                kind = media_type(file.read(HEAD)) or "application/octet-stream"
                return StoredFile(digest, os.fstat(file.fileno()).st_size, kind)
        except NotFound:
            return None


async def _write(file: BinaryIO, data: bytes) -> None:
    def write() -> None:
        left = memoryview(data)
        while left:
            left = left[file.write(left) :]

    with _away_on_error():
        await in_thread(write)


def _names(folder: Path, shape: re.Pattern[str]) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if shape.fullmatch(path.name))


def _kept(folder: Path) -> list[KeptFile]:
    found: list[KeptFile] = []
    for name in _names(folder, _DIGEST):
        with contextlib.suppress(FileNotFoundError):  # deleted since it was listed
            status = (folder / name).stat()
            found.append(KeptFile(name, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC)))
    return found


def _discard(file: BinaryIO) -> None:
    with contextlib.suppress(OSError):
        Path(file.name).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        file.close()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _away_on_error() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FilesAway(f"evidence files: {error.strerror or error}") from error


async def in_thread(work: Callable[[], T]) -> T:
    """Run `work` in a thread and return its result. When cancelled, wait for the thread before raising."""
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        while not running.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([running])
        if not running.cancelled():
            running.exception()  # retrieved, so that asyncio does not log it: the caller gets the cancellation
        raise
