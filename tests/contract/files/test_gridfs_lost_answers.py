"""Uploads to GridFS whose writes are applied without an answer, or long after the client gave them up: a file that is
found has all its chunks."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import cast

import pytest

from shared.adapters.file_check import MP4
from shared.adapters.mongo import gridfs
from shared.adapters.mongo.driver import DriverName
from shared.adapters.mongo.gridfs import MongoFiles
from shared.clock import Clock
from shared.faults import FilesAway, NotFound
from shared.ports.files import Files, StoredFile
from tests.servers.mongo import fresh_database
from tests.support.faults.lost_answers import Loss, lossy
from tests.support.small_files import mp4_file

CONTENT = mp4_file() + os.urandom(600_000)  # three chunks
DIGEST = hashlib.sha256(CONTENT).hexdigest()
MOST_WRITES = 20  # of one upload

pytestmark = pytest.mark.mongo


@pytest.fixture(params=["motor", "pymongo"])
def driver(request: pytest.FixtureRequest) -> DriverName:
    return cast("DriverName", request.param)


@pytest.fixture
def where(mongo_url: str) -> str:
    return fresh_database(mongo_url)


@pytest.fixture
def loss() -> Loss:
    return Loss()


@pytest.fixture
async def files(driver: DriverName, where: str, loss: Loss) -> AsyncIterator[MongoFiles]:
    files = MongoFiles(where, driver=driver)
    lossy(files, loss)
    await files.open()
    yield files
    await files.close()


async def put(files: Files) -> StoredFile:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(CONTENT), 100_000):
            yield CONTENT[start : start + 100_000]

    return await files.put(chunks(), most={MP4: len(CONTENT)})


async def check_whole(files: Files) -> None:
    stored = await files.stat(DIGEST)
    assert stored is not None
    assert stored.size == len(CONTENT)
    assert b"".join([chunk async for chunk in files.get(DIGEST)]) == CONTENT
    assert [digest async for digest in files.digests()] == [DIGEST]


async def check_absent(files: Files) -> None:
    assert await files.stat(DIGEST) is None
    assert [digest async for digest in files.digests()] == []
    with pytest.raises(NotFound):
        await anext(files.get(DIGEST))


@pytest.mark.parametrize("collection", ["files", "evidence.files", "evidence.chunks", "incoming"])
async def test_a_write_that_arrives_after_its_upload_was_removed_makes_no_file(
    files: MongoFiles, loss: Loss, collection: str
) -> None:
    loss.arm(of=collection, late=True)
    with pytest.raises(FilesAway):
        await put(files)
    await loss.deliver()

    await check_absent(files)
    assert (await put(files)).digest == DIGEST
    await check_whole(files)


async def test_an_upload_whose_last_mark_comes_late_is_whole(files: MongoFiles, loss: Loss) -> None:
    loss.arm(2, of="evidence.files", late=True)
    with pytest.raises(FilesAway):
        await put(files)
    await loss.deliver()

    await check_whole(files)
    assert (await put(files)).digest == DIGEST
    await check_whole(files)


async def test_an_upload_that_another_process_removes_as_a_leftover_is_no_file(
    files: MongoFiles, driver: DriverName, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, removed = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield CONTENT[:500_000]
        begun.set()
        await removed.wait()
        yield CONTENT[500_000:]

    uploading = asyncio.create_task(files.put(slow(), most={MP4: len(CONTENT)}))
    await begun.wait()
    monkeypatch.setattr(gridfs, "owner_is_gone", lambda _: True)
    other = MongoFiles(where, driver=driver)
    await other.open()
    removed.set()
    with pytest.raises(FilesAway):
        await uploading

    await check_absent(other)
    await put(other)
    await check_whole(files)
    await other.close()


async def test_after_a_lost_answer_a_repeated_upload_is_whole(driver: DriverName, mongo_url: str, loss: Loss) -> None:
    lost = 0
    for number in range(1, MOST_WRITES):
        loss.disarm()
        files = MongoFiles(fresh_database(mongo_url), driver=driver)
        lossy(files, loss)
        await files.open()
        loss.arm(number)
        try:
            await put(files)
        except FilesAway:
            loss.disarm()
            await put(files)
        loss.disarm()
        await check_whole(files)
        await files.close()
        if not loss.happened:
            break
        lost += 1
    assert not loss.happened, "more writes than expected"
    assert lost > 5


@pytest.mark.parametrize("collection", ["files", "evidence.files"])
async def test_a_deletion_that_arrives_after_the_file_was_put_again_deletes_nothing(
    files: MongoFiles, loss: Loss, collection: str
) -> None:
    await put(files)
    loss.arm(of=collection, late=True)
    with pytest.raises(FilesAway):
        await files.delete(DIGEST, put_before=Clock.machine() + timedelta(hours=1))
    await asyncio.sleep(0.01)  # another millisecond
    await put(files)

    await loss.deliver()

    await check_whole(files)


@pytest.mark.parametrize("collection", ["files", "evidence.files"])
async def test_after_the_lost_answer_of_a_deletion_the_file_is_gone_and_can_be_put_again(
    files: MongoFiles, loss: Loss, collection: str
) -> None:
    await put(files)
    later = Clock.machine() + timedelta(hours=1)
    loss.arm(of=collection)
    with pytest.raises(FilesAway):
        await files.delete(DIGEST, put_before=later)
    loss.disarm()

    await check_absent(files)
    assert not await files.delete(DIGEST, put_before=later)
    assert [file async for file in files.kept()] == []
    await put(files)
    await check_whole(files)
