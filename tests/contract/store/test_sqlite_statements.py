"""How many SQL statements the embedded store needs; the transaction around them is not counted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from shared.adapters.sqlite.store import SqliteStore
from shared.contracts.event import Draft
from shared.ports.store import Index, Kind, Owed
from shared.storage.repository import Repository
from tests.support.store_samples import LEASE, draft

NUMBER = Kind("number", indexes=(Index(("region", "n")),))


class Number(BaseModel):
    model_config = ConfigDict(frozen=True)

    n: int
    region: str = "61.12"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "store.sqlite")
    await store.open((NUMBER,))
    yield store
    await store.close()


@pytest.fixture
def numbers(store: SqliteStore) -> Repository[Number]:
    return Repository(store, NUMBER, Number, "Tidak ada.")


@pytest.fixture
def statements(store: SqliteStore) -> list[str]:
    """The verbs of the statements since the last `clear`."""
    found: list[str] = []
    assert store._commits._connection is not None
    assert store._reader is not None

    def note(statement: str) -> None:
        verb = statement.split(maxsplit=1)[0]
        if verb not in {"BEGIN", "COMMIT", "PRAGMA"}:
            found.append(verb)

    store._commits._connection.set_trace_callback(note)
    store._reader.set_trace_callback(note)
    return found


def one_more(before: Number | None) -> tuple[Number, Draft]:
    n = before.n + 1 if before else 1
    return Number(n=n), draft(n=n)


async def test_what_is_probably_new_is_inserted_and_what_is_known_updated_without_a_look(
    numbers: Repository[Number], statements: list[str]
) -> None:
    new = await numbers.create("a", Number(n=1))
    await numbers.amend("a", None, lambda before: (Number(n=before.n + 1), None), known=new)

    assert statements == ["INSERT", "UPDATE"]


async def test_an_owed_event_costs_two_statements_and_is_settled_with_one_and_one_for_its_document(
    store: SqliteStore, numbers: Repository[Number], statements: list[str]
) -> None:
    handed: list[Owed] = []
    store.hand_over(handed.append, LEASE)
    known = await numbers.change("a", one_more, new=True)
    await numbers.change("a", one_more, known=known)
    assert statements == ["INSERT", "INSERT", "INSERT", "UPDATE", "INSERT", "INSERT"]

    statements.clear()
    await store.settle(handed[1], [event.id for each in handed for event in each.events])

    assert statements == ["DELETE", "DELETE", "DELETE"]  # one for each event, and one for the document
    assert await store.owed_depth() == 0


async def test_a_change_that_looks_first_looks_once(numbers: Repository[Number], statements: list[str]) -> None:
    await numbers.create("a", Number(n=1))
    statements.clear()

    await numbers.change("a", one_more)

    assert statements == ["SELECT", "UPDATE", "INSERT", "INSERT"]


async def test_what_is_newer_is_put_with_one_statement(store: SqliteStore, statements: list[str]) -> None:
    for n in (1, 2):
        await store.put_newer("number", "a", {"region": "61.12", "n": n}, "n")

    assert statements == ["INSERT", "INSERT"]


async def test_nothing_is_written_where_nothing_changes(numbers: Repository[Number], statements: list[str]) -> None:
    known = await numbers.create("a", Number(n=1))
    statements.clear()

    await numbers.amend("a", None, lambda before: (before, None), known=known)
    await numbers.amend("a", None, lambda _: None)

    assert statements == ["SELECT", "SELECT"]
