"""Evidence files in GridFS, with either driver.

A file is streamed into GridFS under an id of its own, since its digest is known only at the end. Its chunks come first,
then its document in ``evidence.files``, then an entry in ``files`` (``{_id: digest, file, size, media_type, put_at}``),
which publishes it under its digest. Of two uploads of one file at once, one entry wins and the other upload is removed;
`put_at` is the time of the later one. ``incoming`` lists the uploads and the deletions under way, so that what a crash
left is found and removed.

The database may apply a write long after the client gave it up. So a file is found only if its document is there, too:
an entry that arrives after the upload was removed names no file, and the next upload of that file takes it over. A
document marked as kept is removed only after its entry; the mark is set before an upload is acknowledged.

The format is GridFS's, so that its tools can read it. The drivers' own helpers are not used, because they hold up to
48 MB of every upload in memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime

from bson import ObjectId
from pymongo import DeleteMany
from pymongo.errors import DuplicateKeyError
from typing_extensions import override

from shared.adapters.file_check import FileCheck
from shared.adapters.lease_owner import lease_owner, owner_is_gone
from shared.adapters.mongo.driver import Database, DriverName, MongoConnection, Row
from shared.adapters.mongo.errors import driver_errors_as
from shared.clock import Clock, machine_ms
from shared.faults import FilesAway, NotFound
from shared.ports.files import Files, KeptFile, StoredFile

_DIGEST = re.compile(r"[0-9a-f]{64}")
_LONGEST_UPLOAD = 24 * 3600 * 1000  # milliseconds; an older entry in `incoming` is a leftover
_FILES, _CHUNKS = "evidence.files", "evidence.chunks"  # the bucket
_CHUNK = 255 * 1024  # bytes, GridFS's default
_BATCH = 500
_TRIES = 5  # to publish while others publish and remove the same file


class MongoFiles(Files):
    """See `shared.ports.files.Files`. url: with the database in its path."""

    def __init__(self, url: str, *, driver: DriverName = "motor") -> None:
        self._connection = MongoConnection(url, driver)
        self._database: Database | None = None

    @override
    async def open(self) -> None:
        self._database = self._connection.open()
        try:
            with driver_errors_as(FilesAway):
                await self._db["files"].create_index([("file", 1)])
                await self._db[_CHUNKS].create_index([("files_id", 1), ("n", 1)], unique=True)
                await self._remove_leftovers()
        except BaseException:
            await self.close()
            raise

    @override
    async def close(self) -> None:
        self._database = None
        await self._connection.close()

    @override
    async def ping(self) -> None:
        with driver_errors_as(FilesAway):
            await self._db["_pinged"].update_one({"_id": "files"}, {"$set": {"at": machine_ms()}}, upsert=True)

    @override
    async def put(self, chunks: AsyncIterator[bytes], *, most: Mapping[str, int]) -> StoredFile:
        check, id = FileCheck(most), ObjectId()
        try:
            with driver_errors_as(FilesAway):
                await self._db["incoming"].insert_one({"_id": id, "owner": lease_owner(), "since": machine_ms()})
            stored = await self._upload(chunks, check, id)
            if await self._publish(stored, id):
                await self._finish(stored, id)
            else:
                await self._discard(id)
        except BaseException:
            await self._discard(id)
            raise
        return stored

    @override
    async def get(self, digest: str) -> AsyncIterator[bytes]:
        row = await self._row(digest)
        if row is None:
            raise NotFound(f"no file {digest[:64]}")
        for number in range(-(-row["size"] // _CHUNK)):
            with driver_errors_as(FilesAway):
                chunk = await self._db[_CHUNKS].find_one({"files_id": row["file"], "n": number}, {"data": 1})
            if chunk is None:
                raise FilesAway(f"evidence file {digest} lacks its chunk {number}")
            yield chunk["data"]

    @override
    async def stat(self, digest: str) -> StoredFile | None:
        row = await self._row(digest)
        return None if row is None else StoredFile(row["_id"], row["size"], row["media_type"])

    @override
    async def digests(self) -> AsyncIterator[str]:
        after = ""
        while True:
            with driver_errors_as(FilesAway):
                found = self._db["files"].find({"_id": {"$gt": after}}, {"file": 1}).sort("_id", 1).limit(_BATCH)
                rows = await found.to_list(_BATCH)
                there = await _there(self._db, [row["file"] for row in rows])
            for row in rows:
                if row["file"] in there:
                    yield row["_id"]
            if len(rows) < _BATCH:
                return
            after = rows[-1]["_id"]

    @override
    async def kept(self) -> AsyncIterator[KeptFile]:
        after = ""
        while True:
            with driver_errors_as(FilesAway):
                found = self._db["files"].find({"_id": {"$gt": after}}).sort("_id", 1).limit(_BATCH)
                rows = await found.to_list(_BATCH)
                there = await _there(self._db, [row["file"] for row in rows])
            for row in rows:
                if row["file"] in there:
                    yield KeptFile(row["_id"], row["size"], _put_at(row))
            if len(rows) < _BATCH:
                return
            after = rows[-1]["_id"]

    @override
    async def delete(self, digest: str, *, put_before: datetime) -> bool:
        row = await self._row(digest)
        if row is None or _put_at(row) >= put_before:
            return False
        with driver_errors_as(FilesAway):
            # listed first, so that the chunks are found if this process ends before they are removed
            entry = {"owner": lease_owner(), "since": machine_ms(), "deleting": True}
            await self._db["incoming"].update_one({"_id": row["file"]}, {"$set": entry}, upsert=True)
            unchanged = {"_id": digest, "file": row["file"], "put_at": row.get("put_at")}  # None: also a missing field
            deleted = await self._db["files"].delete_one(unchanged)
        await self._remove(row["file"], deleting=True)
        return deleted.deleted_count == 1

    @override
    async def free(self) -> int | None:
        return None

    @property
    def _db(self) -> Database:
        if self._database is None:
            raise FilesAway("the evidence files are closed")
        return self._database

    async def _row(self, digest: str) -> Row | None:
        database = self._db
        if not _DIGEST.fullmatch(digest):
            return None
        with driver_errors_as(FilesAway):
            row = await database["files"].find_one({"_id": digest})
            return row if row is not None and await _there(database, [row["file"]]) else None

    async def _upload(self, chunks: AsyncIterator[bytes], check: FileCheck, id: ObjectId) -> StoredFile:
        buffer, number = bytearray(), 0
        async for chunk in chunks:
            check.add(chunk)
            buffer += chunk
            while len(buffer) >= _CHUNK:
                await self._write(id, number, bytes(buffer[:_CHUNK]))
                del buffer[:_CHUNK]
                number += 1
        stored = check.finish()
        if buffer:
            await self._write(id, number, bytes(buffer))
        about = {"length": stored.size, "chunkSize": _CHUNK, "uploadDate": Clock.machine(), "filename": stored.digest}
        with driver_errors_as(FilesAway):
            await self._db[_FILES].insert_one({"_id": id, **about, "metadata": {"media_type": stored.media_type}})
        return stored

    async def _write(self, id: ObjectId, number: int, data: bytes) -> None:
        with driver_errors_as(FilesAway):
            await self._db[_CHUNKS].insert_one({"files_id": id, "n": number, "data": data})

    async def _publish(self, stored: StoredFile, id: ObjectId) -> bool:
        """Make the upload visible under its digest. False when the same file is there already: it then counts as put
        now. It may be deleted at the same time."""
        about = {"file": id, "size": stored.size, "media_type": stored.media_type}
        with driver_errors_as(FilesAway):
            for _ in range(_TRIES):
                put_at = {"put_at": machine_ms()}
                try:
                    await self._db["files"].insert_one({"_id": stored.digest, **about, **put_at})
                except DuplicateKeyError:
                    present = await self._db["files"].find_one({"_id": stored.digest})
                    if present is None:
                        continue
                    kept = present["file"] != id and await self._keep(present["file"])  # else its upload was removed
                    seen = {"_id": stored.digest, "file": present["file"]}
                    changes = put_at if kept else {**about, **put_at}
                    if not (await self._db["files"].update_one(seen, {"$set": changes})).matched_count:
                        continue
                    if kept:
                        return False
                if await self._keep(id):
                    return True
                break
        raise FilesAway(f"evidence file {stored.digest} was removed while it was uploaded")

    async def _keep(self, id: ObjectId) -> bool:
        """Mark a file's document as kept. False when it is not there."""
        kept = await self._db[_FILES].update_one({"_id": id}, {"$set": {"metadata.kept": True}})
        return bool(kept.matched_count)

    async def _finish(self, stored: StoredFile, id: ObjectId) -> None:
        """End a published upload. Raises FilesAway, with the file no longer published, when another process has begun
        to remove it as a leftover: chunks may be missing."""
        untouched = True
        with contextlib.suppress(FilesAway), driver_errors_as(FilesAway):  # a leftover in `incoming` does no harm
            ended = await self._db["incoming"].delete_one({"_id": id, "removed": {"$ne": True}})
            untouched = bool(ended.deleted_count)
        if untouched:
            return
        with driver_errors_as(FilesAway):
            await self._db["files"].delete_one({"_id": stored.digest, "file": id})
            await self._db[_FILES].delete_one({"_id": id})
        raise FilesAway(f"evidence file {stored.digest} was removed while it was uploaded")

    async def _discard(self, id: ObjectId) -> None:
        """Remove an upload that was not published; if that fails, the next `open` removes it."""
        removing = asyncio.ensure_future(self._remove(id))
        with contextlib.suppress(FilesAway):
            await asyncio.shield(removing)

    async def _remove(self, id: ObjectId, *, deleting: bool = False) -> None:
        """Remove an upload, unless it is published. Its document goes first: without it the file is not found, whatever
        is applied later. deleting: its entry was deleted, so a document that is marked as kept goes, too."""
        with driver_errors_as(FilesAway):
            await self._db["incoming"].update_one({"_id": id}, {"$set": {"removed": True}})
            entry = await self._db["files"].find_one({"file": id}, {"_id": 1})
            if entry is None or not await self._keep(id):
                unkept = {} if deleting and entry is None else {"metadata.kept": {"$ne": True}}
                await self._db[_FILES].delete_one({"_id": id, **unkept})
                if not await _there(self._db, [id]):
                    await self._db[_CHUNKS].bulk_write([DeleteMany({"files_id": id})])
                    await self._db["files"].delete_one({"file": id})
            await self._db["incoming"].delete_one({"_id": id})

    async def _remove_leftovers(self) -> None:
        async for row in self._db["incoming"].find({}):
            if owner_is_gone(row["owner"]) or row["since"] < machine_ms() - _LONGEST_UPLOAD:
                await self._remove(row["_id"], deleting=bool(row.get("deleting")))


async def _there(database: Database, ids: list[ObjectId]) -> set[ObjectId]:
    """Those of the GridFS files that have a document."""
    found = database[_FILES].find({"_id": {"$in": ids}}, {"_id": 1})
    return {row["_id"] for row in await found.to_list(len(ids) or 1)}


def _put_at(row: Row) -> datetime:
    """The machine time of the last `put`; of a row of an older release, of the first."""
    if (ms := row.get("put_at")) is None:
        first: datetime = row["file"].generation_time
        return first
    return datetime.fromtimestamp(ms / 1000, UTC)
