from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from shared.adapters.sqlite.store import SqliteStore
from shared.ports.store import Index, Kind
from shared.storage.copies import Copies, CopyKind

AGENCY_COPY = Kind("agency_copy", indexes=(Index(("region",)),))


class Agency(BaseModel):
    region: str
    name: str


class RetiredAgency(Agency):
    retired_on: str


COPY_KIND = CopyKind(AGENCY_COPY, Agency, value="agency", sequence="heard", index_fields=("region",))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "store.sqlite")
    await store.open((AGENCY_COPY,))
    yield store
    await store.close()


@pytest.fixture
def copies(store: SqliteStore) -> Copies[Agency]:
    return Copies(store, COPY_KIND)


def named(sequence: int) -> Agency:
    return Agency(region="61.12", name=f"version {sequence}")


@pytest.mark.parametrize("seed", range(5))
async def test_in_any_order_and_repetition_the_newest_is_kept(copies: Copies[Agency], seed: int) -> None:
    shuffled = random.Random(seed)
    sequences = [shuffled.randint(0, 20) for _ in range(30)]

    kept = [await copies.keep("a1", named(each), each) for each in sequences]

    newest = [max(sequences[: place + 1]) for place in range(len(sequences))]
    assert [(copy.sequence, copy.value) for copy in kept] == [(each, named(each)) for each in newest]


async def test_an_equal_sequence_changes_nothing(copies: Copies[Agency]) -> None:
    await copies.keep("a1", named(7), 7)

    same = await copies.keep("a1", Agency(region="61.12", name="other"), 7)

    assert same.value == named(7)


async def test_keeping_a_copy_owes_no_event(store: SqliteStore, copies: Copies[Agency]) -> None:
    await copies.keep("a1", named(1), 1)

    assert await store.owed_depth() == 0


async def test_a_version_is_decoded_once(copies: Copies[Agency]) -> None:
    await copies.keep("a1", named(1), 1)

    assert await copies.get("a1") is await copies.get("a1")


async def test_the_marks_of_the_newest_are_stored(store: SqliteStore, copies: Copies[Agency]) -> None:
    await copies.keep("a1", named(2), 2, behind=1)
    await copies.keep("a1", named(1), 1, behind=0)

    found = await store.get(AGENCY_COPY.name, "a1")
    assert found is not None
    assert found.state["behind"] == 1


def test_index_fields_are_stored_beside_the_value() -> None:
    assert COPY_KIND.state_of(named(1), 1) == {
        "heard": 1,
        "region": "61.12",
        "agency": {"region": "61.12", "name": "version 1"},
    }


def test_what_a_subclass_adds_is_left_out() -> None:
    retired = RetiredAgency(region="61.12", name="Dinas", retired_on="2027-01-01")

    assert COPY_KIND.state_of(retired, 1)["agency"] == {"region": "61.12", "name": "Dinas"}


async def test_keep_returns_the_newest_whatever_it_was_given(copies: Copies[Agency]) -> None:
    assert (await copies.keep("a1", named(5), 5)).value == named(5)
    assert (await copies.keep("a1", named(3), 3)).value == named(5)

    found = await copies.get("a1")
    assert found is not None
    assert (found.value, found.sequence) == (named(5), 5)


async def test_concurrent_events_leave_the_newest(copies: Copies[Agency]) -> None:
    await asyncio.gather(*(copies.keep("a1", named(each), each) for each in (3, 1, 5, 2, 4, 5)))

    found = await copies.get("a1")
    assert found is not None
    assert found.sequence == 5


async def test_an_id_without_an_event_has_no_copy(copies: Copies[Agency]) -> None:
    await copies.keep("a1", named(1), 1)

    assert await copies.get("a2") is None
    assert set(await copies.some(["a1", "a2"])) == {"a1"}
    assert await copies.some([]) == {}


async def test_a_scan_finds_by_an_index_field_in_the_order_of_ids(copies: Copies[Agency]) -> None:
    await copies.keep("b", named(2), 2)
    await copies.keep("a", named(1), 1)
    await copies.keep("c", Agency(region="61.71", name="elsewhere"), 3)

    found = [copy.sequence async for copy in copies.scan({"region": "61.12"})]

    assert found == [1, 2]
    assert len([copy async for copy in copies.scan()]) == 3
