"""The contract of `shared.ports.files.Files`, against every adapter."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import sys
import tracemalloc
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, cast

import pytest
from gridfs.asynchronous import AsyncGridFSBucket
from pymongo import AsyncMongoClient, MongoClient

from shared.adapters.file_check import JPEG, MP4, PDF, PNG
from shared.adapters.folder import FolderFiles
from shared.adapters.mongo.gridfs import MongoFiles
from shared.clock import Clock
from shared.faults import FilesAway, Invalid, NotFound
from shared.ports.files import Files, StoredFile
from tests.servers.mongo import fresh_database
from tests.support.paths import ROOT
from tests.support.small_files import PDF_FILE, PNG_FILE, mp4_file

MOST = 20_000_000
ALL = dict.fromkeys((PDF, JPEG, PNG, MP4), MOST)


@dataclass
class Storage:
    """A storage of files. another: opens it as another process would; leftovers: counts partly written files."""

    name: str
    where: str
    another: Callable[[], Files]
    leftovers: Callable[[], Any]


@pytest.fixture(
    params=["folder", pytest.param("motor", marks=pytest.mark.mongo), pytest.param("pymongo", marks=pytest.mark.mongo)]
)
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        folder = tmp_path / "files"

        async def in_folder() -> int:
            return len(os.listdir(folder / "incoming"))  # noqa: PTH208 - only their number is needed

        return Storage("folder", str(folder), lambda: FolderFiles(folder), in_folder)
    driver = cast("Literal['motor', 'pymongo']", request.param)
    where = fresh_database(request.getfixturevalue("mongo_url"))

    def counted() -> int:
        with contextlib.closing(MongoClient[dict[str, Any]](where)) as client:
            database = client.get_default_database()
            named = {row["file"] for row in database["files"].find({})}
            chunks = {row["files_id"] for row in database["evidence.chunks"].find({}, {"files_id": 1})}
            whole = {row["_id"] for row in database["evidence.files"].find({}, {"_id": 1})}
            assert named <= whole
            return len((chunks | whole) - named) + database["incoming"].count_documents({})

    async def in_gridfs() -> int:
        return await asyncio.to_thread(counted)

    return Storage(driver, where, lambda: MongoFiles(where, driver=driver), in_gridfs)


@pytest.fixture
async def files(storage: Storage) -> AsyncIterator[Files]:
    files = storage.another()
    await files.open()
    yield files
    await files.close()


async def chunks(content: bytes, size: int = 7) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def whole(files: Files, digest: str) -> bytes:
    return b"".join([chunk async for chunk in files.get(digest)])


async def test_a_stored_file_is_read_by_the_digest_of_its_bytes(files: Files) -> None:
    stored = await files.put(chunks(PNG_FILE), most=ALL)

    assert stored == StoredFile(hashlib.sha256(PNG_FILE).hexdigest(), len(PNG_FILE), PNG)
    assert await whole(files, stored.digest) == PNG_FILE
    assert await files.stat(stored.digest) == stored


async def test_the_same_file_is_stored_once(files: Files, storage: Storage) -> None:
    first = await files.put(chunks(PDF_FILE), most=ALL)
    again = await files.put(chunks(PDF_FILE, 1000), most=ALL)

    assert first == again
    assert [digest async for digest in files.digests()] == [first.digest]
    assert await storage.leftovers() == 0


async def test_the_same_file_put_by_many_at_once_is_stored_once(files: Files, storage: Storage) -> None:
    other = storage.another()
    await other.open()
    content = mp4_file() + os.urandom(300_000)

    stored = await asyncio.gather(*(each.put(chunks(content, 50_000), most=ALL) for each in (files, other) * 4))

    assert len(set(stored)) == 1
    assert [digest async for digest in files.digests()] == [stored[0].digest]
    assert await whole(other, stored[0].digest) == content
    assert await storage.leftovers() == 0
    await other.close()


async def test_all_files_can_be_listed(files: Files) -> None:
    contents = [PDF_FILE + str(n).encode() for n in range(12)]
    for content in contents:
        await files.put(chunks(content, 100), most=ALL)

    digests = [digest async for digest in files.digests()]

    assert digests == sorted(hashlib.sha256(content).hexdigest() for content in contents)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (PDF_FILE + b"x" * 1000, "too-large"),
        (b"GIF89a" + b"\x00" * 100, "wrong-type"),
        (b"hi", "wrong-type"),
        (PNG_FILE, "wrong-type"),
    ],
)
async def test_a_refused_file_is_not_kept(files: Files, storage: Storage, content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        await files.put(chunks(content), most={PDF: 500, JPEG: 500})

    assert [(flaw.field, flaw.code) for flaw in caught.value.flaws] == [("file", code)]
    assert [digest async for digest in files.digests()] == []
    assert await storage.leftovers() == 0


async def test_a_file_of_exactly_the_limit_is_accepted(files: Files) -> None:
    stored = await files.put(chunks(PDF_FILE), most={PDF: len(PDF_FILE)})

    assert stored.size == len(PDF_FILE)


async def test_a_file_of_a_wrong_type_is_refused_before_the_rest_is_read(files: Files) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b"\x00" * 1000

    with pytest.raises(Invalid):
        await files.put(endless(), most=ALL)

    assert read == 1


async def test_the_limit_of_a_file_s_own_type_holds_while_its_bytes_come_in(files: Files, storage: Storage) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        yield PNG_FILE
        while True:
            read += 1000
            yield b"\x00" * 1000

    with pytest.raises(Invalid) as caught:
        await files.put(endless(), most={PNG: 50_000, MP4: MOST})

    assert [(flaw.field, flaw.code) for flaw in caught.value.flaws] == [("file", "too-large")]
    assert read <= 51_000
    assert await storage.leftovers() == 0


async def test_files_are_listed_with_their_size_and_the_time_of_their_last_put(files: Files) -> None:
    before = Clock.machine() - timedelta(seconds=1)
    for content in (PDF_FILE, PNG_FILE):
        await files.put(chunks(content), most=ALL)
    between = Clock.machine()
    await asyncio.sleep(0.02)
    await files.put(chunks(PDF_FILE), most=ALL)

    kept = {file.digest: file for file in [each async for each in files.kept()]}

    pdf, png = (kept[hashlib.sha256(content).hexdigest()] for content in (PDF_FILE, PNG_FILE))
    assert list(kept) == sorted(kept)
    assert (pdf.size, png.size) == (len(PDF_FILE), len(PNG_FILE))
    assert before < png.put_at <= between < pdf.put_at


async def test_a_deleted_file_is_gone_and_can_be_put_again(files: Files, storage: Storage) -> None:
    stored = await files.put(chunks(PDF_FILE), most=ALL)
    later = Clock.machine() + timedelta(hours=1)

    assert await files.delete(stored.digest, put_before=later)

    assert await files.stat(stored.digest) is None
    assert [file async for file in files.kept()] == []
    assert await storage.leftovers() == 0
    assert not await files.delete(stored.digest, put_before=later)
    assert not await files.delete("../../etc/passwd", put_before=later)
    assert await whole(files, (await files.put(chunks(PDF_FILE), most=ALL)).digest) == PDF_FILE


async def test_a_file_that_was_put_again_is_not_deleted(files: Files) -> None:
    stored = await files.put(chunks(PDF_FILE), most=ALL)
    await asyncio.sleep(0.02)
    seen = Clock.machine()
    await asyncio.sleep(0.02)  # longer than a tick of the clock that stamps files
    await files.put(chunks(PDF_FILE), most=ALL)

    assert not await files.delete(stored.digest, put_before=seen)

    assert await whole(files, stored.digest) == PDF_FILE


async def test_whatever_is_put_while_it_is_deleted_is_there_in_the_end(files: Files, storage: Storage) -> None:
    other = storage.another()
    await other.open()
    content = mp4_file() + os.urandom(20_000)
    digest = hashlib.sha256(content).hexdigest()
    for _ in range(15):
        old = Clock.machine() - timedelta(milliseconds=1)
        await asyncio.gather(
            other.delete(digest, put_before=old),
            files.put(chunks(content, 9_000), most=ALL),
            other.delete(digest, put_before=old),
        )

        assert await whole(files, digest) == content
    assert await storage.leftovers() == 0
    await other.close()


async def test_a_folder_knows_its_free_space_and_gridfs_does_not(files: Files, storage: Storage) -> None:
    free = await files.free()

    assert (free is not None and free > 0) if storage.name == "folder" else free is None


@pytest.mark.parametrize("digest", ["0" * 64, "", "../../etc/passwd", "Z" * 64, "é", "0" * 63, "0" * 65, "\x00"])
async def test_a_missing_file_is_not_found(files: Files, digest: str) -> None:
    with pytest.raises(NotFound):
        await whole(files, digest)
    assert await files.stat(digest) is None


async def test_an_interrupted_upload_leaves_nothing(files: Files, storage: Storage) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield mp4_file() + os.urandom(600_000)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await files.put(broken(), most=ALL)

    assert await storage.leftovers() == 0


async def test_a_cancelled_upload_leaves_nothing(files: Files, storage: Storage) -> None:
    begun = asyncio.Event()

    async def stalled() -> AsyncIterator[bytes]:
        yield mp4_file() + os.urandom(600_000)
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(files.put(stalled(), most=ALL))
    await begun.wait()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task

    assert task.cancelled()
    assert await storage.leftovers() == 0
    await files.put(chunks(PDF_FILE), most=ALL)


async def test_close_fails_an_upload_under_way(files: Files, storage: Storage) -> None:
    closed = asyncio.Event()
    begun = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield mp4_file() + os.urandom(600_000)
        begun.set()
        await closed.wait()
        yield b"the end"

    task = asyncio.create_task(files.put(slow(), most=ALL))
    await begun.wait()
    await files.close()
    closed.set()
    with pytest.raises(FilesAway):
        await task
    with pytest.raises(FilesAway):
        await files.ping()
    with pytest.raises(FilesAway):
        await files.put(chunks(PDF_FILE), most=ALL)


async def test_the_upload_of_a_killed_process_is_removed_at_the_next_open(files: Files, storage: Storage) -> None:
    command = [sys.executable, "-m", "tests.support.upload_process", storage.name, storage.where]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE)
    assert process.stdout is not None
    async with asyncio.timeout(30):
        assert await process.stdout.readline() == b"begun\n"
    process.kill()
    await process.wait()
    assert await storage.leftovers() > 0

    other = storage.another()
    await other.open()

    assert await storage.leftovers() == 0
    assert [digest async for digest in other.digests()] == []
    await other.close()


async def test_opening_again_does_not_affect_uploads_under_way(files: Files, storage: Storage) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    content = mp4_file() + os.urandom(600_000)

    async def slow() -> AsyncIterator[bytes]:
        yield content[:500_000]
        begun.set()
        await go_on.wait()
        yield content[500_000:]

    task = asyncio.create_task(files.put(slow(), most=ALL))
    await begun.wait()
    other = storage.another()
    await other.open()
    go_on.set()
    stored = await task

    assert await whole(other, stored.digest) == content
    await other.close()


async def test_a_large_file_is_stored_and_read_in_constant_memory(files: Files) -> None:
    block = os.urandom(100_000)
    count = 150  # 15 MB

    async def large() -> AsyncIterator[bytes]:
        yield mp4_file()
        for _ in range(count):
            yield block
            await asyncio.sleep(0)

    tracemalloc.start()
    try:
        stored = await files.put(large(), most=ALL)
        received = 0
        async for chunk in files.get(stored.digest):
            received += len(chunk)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert received == stored.size == len(mp4_file()) + count * len(block)
    assert peak < 6_000_000  # bytes


@pytest.mark.mongo
async def test_the_drivers_own_gridfs_can_read_a_stored_file(mongo_url: str) -> None:
    where = fresh_database(mongo_url)
    files = MongoFiles(where)
    await files.open()
    content = mp4_file() + os.urandom(600_000)
    stored = await files.put(chunks(content, 100_000), most=ALL)
    await files.close()
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(where)
    try:
        bucket = AsyncGridFSBucket(client.get_default_database(), bucket_name="evidence")
        read = await bucket.open_download_stream_by_name(stored.digest)
        assert (await read.read(), read.length) == (content, stored.size)
    finally:
        await client.close()


async def test_ping_returns_when_files_can_be_written(files: Files, storage: Storage) -> None:
    await files.ping()

    assert await storage.leftovers() == 0
