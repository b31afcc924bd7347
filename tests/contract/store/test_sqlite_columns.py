"""The columns of the embedded store's tables: queries find what the documents say, whoever wrote them and how."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel

from shared.adapters.sqlite.store import SqliteStore
from shared.ports.store import Index, Kind, Sort, State
from shared.storage.repository import Repository
from tests.support.store_samples import saved

FORMER = (
    """CREATE TABLE "doc_job" (
        id TEXT PRIMARY KEY NOT NULL, schema INTEGER NOT NULL, sequence INTEGER NOT NULL, state TEXT NOT NULL,
        event_id TEXT, event_type TEXT, event_body BLOB) WITHOUT ROWID""",
    """CREATE INDEX "ix_job_1" ON "doc_job" (json_extract(state, '$."status"'), id)""",
)
"""A kind's table as release 0.2 and earlier ones made it."""


class Inner(BaseModel):
    rank: int = 0


class Job(BaseModel):
    status: str
    at: datetime
    inner: Inner | None = None
    tries: int = 3


JOB = Kind("job", indexes=(Index(("status", "at")), Index(("inner.rank",)), Index(("tries",))))
SINCE: Sort = [("at", 1)]
MORNING = "2026-11-02T08:00:00+07:00"


def jobs(store: SqliteStore) -> Repository[Job]:
    return Repository(store, JOB, Job, "Tidak ada.")


def file_of_a_former_release(path: Path, states: dict[str, State]) -> None:
    with contextlib.closing(sqlite3.connect(path)) as db:
        for statement in FORMER:
            db.execute(statement)
        rows = [(id, json.dumps(state)) for id, state in states.items()]
        db.executemany(
            'INSERT INTO "doc_job" VALUES (?, 1, 7, ?, NULL, NULL, NULL)',
            rows,
        )
        db.commit()


@contextlib.asynccontextmanager
async def opened(path: Path, *kinds: Kind) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(path)
    await store.open(kinds or (JOB,))
    try:
        yield store
    finally:
        await store.close()


async def ids(store: SqliteStore, **where: object) -> str:
    page = await store.find("job", {name.replace("__", "."): value for name, value in where.items()})
    return "".join(each.id for each in page.documents)


async def test_a_file_of_a_former_release_is_converted_with_its_documents(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    file_of_a_former_release(path, {"a": {"status": "open", "at": MORNING}, "b": {"status": "done", "at": MORNING}})

    async with opened(path) as store:
        found = await store.get("job", "a")
        assert found is not None
        assert (found.sequence, found.state) == (7, {"status": "open", "at": MORNING})
        assert (await ids(store, status="open"), await ids(store, status="done")) == ("a", "b")
        await store.change("job", "a", saved({"status": "done", "at": MORNING}))
    async with opened(path) as store:
        assert (await ids(store, status="open"), await ids(store, status="done")) == ("", "ab")


async def test_a_former_release_does_not_write_into_a_converted_file(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.sqlite") as store:
        await store.change("job", "a", saved({"status": "open", "at": MORNING}))

    with contextlib.closing(sqlite3.connect(tmp_path / "a.sqlite")) as db:
        for statement in ('UPDATE "doc_job" SET state = ?', 'INSERT INTO "doc_job" (id, state) VALUES (1, ?)'):
            with contextlib.suppress(sqlite3.OperationalError):
                db.execute(statement, ("{}",))
                raise AssertionError(statement)


async def test_other_indexes_are_made_for_what_is_stored(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    async with opened(path, Kind("job", indexes=(Index(("status",)),))) as store:
        await store.change("job", "a", saved({"status": "open", "tries": 1}))
    async with opened(path, Kind("job", indexes=(Index(("tries",)),))) as store:
        assert await ids(store, tries=1) == "a"
        await store.change("job", "a", saved({"status": "done", "tries": 2}))

    async with opened(path, Kind("job", indexes=(Index(("status",)),))) as store:
        assert (await ids(store, status="open"), await ids(store, status="done")) == ("", "a")


async def test_a_known_value_that_moves_is_found_where_it_is(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.sqlite") as store:
        repository = jobs(store)
        job = Job(status="open", at=datetime.fromisoformat(MORNING))
        first = await repository.create("a", job)
        moved = job.model_copy(update={"status": "done", "inner": Inner(rank=4)})
        second = await repository.amend("a", None, lambda _: (moved, None), known=first)
        assert await ids(store, status="open") == ""
        assert await ids(store, status="done", inner__rank=4) == "a"

        without = moved.model_copy(update={"inner": None})
        await repository.amend("a", None, lambda _: (without, None), known=second)
        assert (await ids(store, inner__rank=4), await ids(store, inner__rank=None)) == ("", "a")


async def test_a_default_that_a_known_value_brings_is_found(tmp_path: Path) -> None:
    """The stored state lacks the field; its text has it after a change of another one."""
    path = tmp_path / "a.sqlite"
    file_of_a_former_release(path, {"a": {"status": "open", "at": MORNING}})
    async with opened(path) as store:
        await store.change("job", "b", saved({"status": "open", "at": MORNING}))
        repository = jobs(store)
        for id in ("a", "b"):
            known = await repository.get(id)
            done = known.value.model_copy(update={"status": "done"})
            await repository.amend(id, None, lambda _, done=done: (done, None), known=known)  # type: ignore[misc]

        assert (await ids(store, tries=3), await ids(store, tries=None)) == ("ab", "")


async def test_a_time_that_is_written_otherwise_is_sorted_as_it_is_written(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.sqlite") as store:
        repository = jobs(store)
        known = await repository.create("a", Job(status="open", at=datetime.fromisoformat(MORNING)))
        await repository.create("b", Job(status="open", at=datetime.fromisoformat("2026-11-02T05:00:00Z")))
        same = known.value.model_copy(update={"status": "x", "at": datetime.fromisoformat("2026-11-02T01:00:00Z")})
        await repository.amend("a", None, lambda _: (same, None), known=known)

        page = await store.find("job", {}, sort=SINCE)
        texts = [each.state["at"] for each in page.documents]
        assert texts == sorted(texts)
