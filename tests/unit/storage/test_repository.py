from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel

from shared.adapters.sqlite.store import SqliteStore
from shared.faults import Conflict, Invalid, KeyReused, NotFound, Stale
from shared.ports.store import Index, Kind
from shared.storage.repository import Repository
from shared.storage.stored import Fingerprint, Stored
from tests.support.events import agency_draft

NOTE = Kind("note", indexes=(Index(("topic",)),))
MARK = Kind("mark")


class Note(Stored):
    topic: str
    text: str = ""


class Mark(BaseModel):
    points: int


class Weight(BaseModel):
    grams: float


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "store.sqlite")
    await store.open((NOTE, MARK))
    yield store
    await store.close()


@pytest.fixture
def notes(store: SqliteStore) -> Repository[Note]:
    return Repository(store, NOTE, Note, "Catatan ini tidak ada.")


def note(body: str = "body", topic: str = "roads", text: str = "") -> Note:
    return Note(created_by_body=body, topic=topic, text=text)


async def owed_types(store: SqliteStore) -> list[str]:
    return [event.type for owed in await store.claim_owed(10, timedelta(minutes=1)) for event in owed.events]


async def test_a_created_document_is_found_with_its_id_and_version(notes: Repository[Note]) -> None:
    created = await notes.create("n1", note())
    found = await notes.get("n1")

    assert created.changed
    assert (found.id, found.sequence, found.value) == ("n1", created.sequence, note())
    assert not found.changed


async def test_a_missing_document_is_none_or_not_found(notes: Repository[Note]) -> None:
    assert await notes.find("n1") is None
    with pytest.raises(NotFound, match="Catatan ini tidak ada"):
        await notes.get("n1")
    with pytest.raises(NotFound):
        await notes.amend("n1", None, lambda it: (it, None))


async def test_creation_owes_its_event_if_there_is_one(store: SqliteStore, notes: Repository[Note]) -> None:
    await notes.create("n1", note(), agency_draft("n1"))
    await notes.create("n2", note())

    assert await owed_types(store) == ["agency.registered"]


async def test_a_second_creation_by_an_equal_request_returns_the_first(notes: Repository[Note]) -> None:
    first = await notes.create("n1", note(text="first"))
    second = await notes.create("n1", note(text="second"))

    assert (second.sequence, second.value.text, second.changed) == (first.sequence, "first", False)


async def test_of_concurrent_equal_requests_one_creates(notes: Repository[Note]) -> None:
    created = await asyncio.gather(*(notes.create("n1", note(text=str(each))) for each in range(5)))

    assert sum(each.changed for each in created) == 1
    assert len({each.value.text for each in created}) == 1


async def test_a_creation_by_another_body_is_refused(notes: Repository[Note]) -> None:
    await notes.create("n1", note("body"))

    with pytest.raises(KeyReused):
        await notes.create("n1", note("another"))
    with pytest.raises(Conflict):
        await notes.create("n1", note("another"), mismatch=Conflict)


async def test_a_repeat_is_recognised_before_the_work_is_done(notes: Repository[Note]) -> None:
    body, another = Fingerprint("body", "whole body"), Fingerprint("another", "whole other")
    assert await notes.repeated("n1", body) is None
    created = await notes.create("n1", note("body"), fingerprint=body)

    repeated = await notes.repeated("n1", body)

    assert repeated is not None
    assert repeated.sequence == created.sequence
    with pytest.raises(KeyReused):
        await notes.repeated("n1", another)
    with pytest.raises(Conflict):
        await notes.repeated("n1", another, Conflict)


async def test_a_document_with_a_fingerprint_of_release_0_1_0_recognises_its_repeat(notes: Repository[Note]) -> None:
    body = Fingerprint("body", "whole body")
    created = await notes.create("n1", note("whole body"))

    repeated = await notes.repeated("n1", body)
    again = await notes.create("n1", note("body"), fingerprint=body)

    assert repeated is not None
    assert (repeated.sequence, again.sequence, again.changed) == (created.sequence, created.sequence, False)


async def test_a_value_that_remembers_no_request_is_created_once(store: SqliteStore) -> None:
    marks = Repository(store, MARK, Mark, "Nilai ini tidak ada.")
    await marks.create("m1", Mark(points=1))

    assert (await marks.create("m1", Mark(points=2))).value.points == 1
    assert await marks.repeated("m1", "any body") is not None


async def test_amend_changes_the_version_that_was_read_and_no_other(
    store: SqliteStore, notes: Repository[Note]
) -> None:
    created = await notes.create("n1", note())
    amended = await notes.amend("n1", created.sequence, lambda it: (_with_text(it, "new"), agency_draft("n1")))

    assert amended.changed
    assert amended.sequence > created.sequence
    assert amended.value.text == "new"
    assert await owed_types(store) == ["agency.registered"]
    with pytest.raises(Stale):
        await notes.amend("n1", created.sequence, lambda it: (_with_text(it, "too late"), None))
    with pytest.raises(Stale):
        amended.require(created.sequence)
    amended.require(amended.sequence)


async def test_amend_without_an_expected_version_takes_any(notes: Repository[Note]) -> None:
    await notes.create("n1", note())

    assert (await notes.amend("n1", None, lambda it: (_with_text(it, "new"), None))).value.text == "new"


async def test_no_decision_and_an_equal_value_write_nothing(notes: Repository[Note]) -> None:
    created = await notes.create("n1", note())

    for decided in (None, (note(), None)):
        amended = await notes.amend("n1", created.sequence, lambda _, decided=decided: decided)  # type: ignore[misc]
        assert (amended.sequence, amended.changed) == (created.sequence, False)


async def test_an_equal_value_that_owes_an_event_is_written(store: SqliteStore, notes: Repository[Note]) -> None:
    created = await notes.create("n1", note())

    assert (await notes.amend("n1", created.sequence, lambda it: (it, agency_draft("n1")))).changed
    assert await owed_types(store) == ["agency.registered"]


async def test_a_list_goes_page_by_page(notes: Repository[Note]) -> None:
    for number in range(3):
        await notes.create(f"n{number}", note())
    await notes.create("other", note(topic="water"))

    first = await notes.list({"topic": "roads"}, limit=2, after=None)
    last = await notes.list({"topic": "roads"}, limit=2, after=first.after)

    assert [each.id for each in first.items + last.items] == ["n0", "n1", "n2"]
    assert last.after is None
    with pytest.raises(Invalid):
        await notes.list({}, limit=2, after="no cursor")


def _with_text(value: Note, text: str) -> Note:
    return value.model_copy(update={"text": text})


async def test_a_number_that_is_none_is_refused_and_not_stored_as_null(store: SqliteStore) -> None:
    weights = Repository(store, MARK, Weight, "Tidak ada.")

    with pytest.raises(ValueError, match="grams"):
        await weights.create("w1", Weight(grams=float("nan")))

    assert await weights.find("w1") is None


async def test_a_version_at_hand_is_amended_without_loading_it(store: SqliteStore) -> None:
    marks = Repository(store, MARK, Mark, "Tidak ada.")
    first = await marks.create("m1", Mark(points=1))
    second = await marks.amend("m1", None, lambda mark: (Mark(points=mark.points + 1), None), known=first)

    late = await marks.amend("m1", None, lambda mark: (Mark(points=mark.points + 10), None), known=first)

    assert (second.value.points, late.value.points) == (2, 12)
