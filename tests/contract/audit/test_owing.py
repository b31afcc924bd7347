"""A change of an audited kind owes its entry in the same write, on every engine."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from shared.faults import Busy
from shared.observability.actor import acting
from shared.ports.audit import entry_id
from shared.ports.store import AUDIT, MOST_OWED, Change, Owed, State, Store
from tests.support.audit.notes import CLERK, NOTE, NOTE_KINDS, Note, Page, notes, owed_entries
from tests.support.store_engines import Engine
from tests.support.store_samples import LEASE, claimed, counted, draft, refused, saved


@pytest.fixture
async def store(either: Engine) -> Store:
    return await either.open(*NOTE_KINDS)


async def entries(store: Store) -> list[State]:
    return [json.loads(each["body"]) for each in await owed_entries(store)]


async def test_an_entry_says_who_did_what_when_and_from_where(store: Store) -> None:
    with acting(CLERK):
        made = await notes(store).change("a", lambda _: (Note(status="open"), None))

    (entry,) = await entries(store)
    changes = entry.pop("changes")
    assert entry.pop("at").endswith("Z")
    assert entry == {
        "account": "akun-7",
        "role": "curator",
        "address": "10.1.2.3",
        "through": "PUT /notes/{id}",
        "correlationid": None,
        "document": "note/a",
        "sequence": f"{made.sequence:016d}",
        "region": "61.12",
        "what": "created",
        "event": None,
    }
    assert {"field": "status", "before": None, "after": "open"} in changes


async def test_a_change_shows_before_and_after_and_only_names_what_is_private(store: Store) -> None:
    await notes(store).create("a", Note(person="Budi", pages=(Page(number=1, text="Budi"),)))
    after = Note(person="Siti", status="open", pages=(Page(number=1, text="Siti"), Page(number=2, text="Ani")), by="x")

    await notes(store).amend("a", None, lambda _: (after, draft(n=1)))

    first, second = await entries(store)
    assert second["what"] == "changed"
    assert second["event"] == "thing.changed"
    assert second["changes"] == [
        {"field": "status", "before": "draft", "after": "open"},
        {"field": "person", "hidden": True},
        {"field": "pages.0.text", "hidden": True},
        {"field": "pages.1.number", "before": None, "after": 2},
        {"field": "pages.1.text", "hidden": True},
    ]
    assert not any(name in json.dumps([first, second]) for name in ("Budi", "Siti", "Ani"))


async def test_a_known_version_and_a_plain_state_owe_the_same_entry(store: Store) -> None:
    made = await notes(store).create("typed", Note())
    await store.change("note", "plain", saved(Note().model_dump(mode="json")))

    await notes(store).amend("typed", None, lambda _: (Note(status="open"), None), known=made)
    await store.change("note", "plain", saved(Note(status="open").model_dump(mode="json")))

    plain_made, plain, typed_made, typed = await entries(store)
    assert plain["changes"] == typed["changes"] == [{"field": "status", "before": "draft", "after": "open"}]
    assert plain_made["changes"] == typed_made["changes"]


async def test_many_changes_in_one_go_owe_an_entry_each(store: Store) -> None:
    await store.change_many([Change("note", id, saved({"status": "open"})) for id in "abc"])

    assert [each["document"] for each in await entries(store)] == ["note/a", "note/b", "note/c"]


async def test_what_is_left_out_owes_nothing(store: Store) -> None:
    await notes(store).create("a", Note())

    changed = await notes(store).amend("a", None, lambda note: (note.model_copy(update={"by": "other"}), None))

    assert changed.changed
    assert len(await entries(store)) == 1


async def test_a_refused_change_and_another_kind_owe_nothing(store: Store) -> None:
    await store.change("thing", "a", counted(owes=False))
    with pytest.raises(ValueError, match="no"):
        await store.change("note", "a", refused(ValueError("no")))

    assert await store.claim_owed(10, LEASE) == []


async def test_a_decision_that_modifies_its_copy_is_compared_with_what_is_stored(store: Store) -> None:
    await store.change("note", "a", saved({"status": "draft", "pages": [{"number": 1}]}))

    def decide(state: State | None) -> tuple[State, None]:
        assert state is not None
        state["status"] = "open"
        state["pages"].append({"number": 2})
        return state, None

    await store.change("note", "a", decide)

    assert [each["field"] for each in (await entries(store))[1]["changes"]] == ["status", "pages.1.number"]


async def test_put_newer_of_an_audited_kind_owes_an_entry(store: Store) -> None:
    await store.put_newer("note", "a", {"status": "open", "n": 1}, "n")
    await store.put_newer("note", "a", {"status": "shut", "n": 2}, "n")

    assert [each["what"] for each in await entries(store)] == ["created", "changed"]


async def test_the_entry_is_handed_over_with_the_event(store: Store) -> None:
    taken: list[Owed] = []
    assert store.hand_over(taken.append, LEASE)

    await store.change("note", "a", lambda _: ({"status": "open"}, draft(n=1)))

    (owed,) = taken
    assert [each.type for each in owed.events] == [AUDIT, "thing.changed"]
    await store.settle(owed, [each.id for each in owed.events])
    assert await store.owed_depth() == 0


async def test_an_entry_is_never_the_last_event_nor_owed_again(store: Store) -> None:
    await store.change("note", "a", saved({"status": "open"}))

    assert await store.last_event("note", "a") is None
    assert not await store.owe_again("note", "a")


async def test_a_claim_by_type_takes_only_documents_that_owe_it(store: Store) -> None:
    await store.change("thing", "a", counted())
    assert await store.oldest_owed(of=AUDIT) is None
    await store.change("note", "b", lambda _: ({"status": "open"}, draft(n=1)))

    (owed,) = await store.claim_owed(10, LEASE, of=AUDIT)

    assert (owed.kind, owed.id, len(owed.events)) == ("note", "b", 2)
    assert await store.oldest_owed(of=AUDIT) is not None
    await store.settle(owed, [each.id for each in owed.events if each.type == AUDIT])
    assert await store.oldest_owed(of=AUDIT) is None
    assert await store.oldest_owed() is not None
    assert await store.claim_owed(10, LEASE, of=AUDIT) == []


async def test_entries_alone_fill_a_document_up_as_events_do(store: Store) -> None:
    for n in range(MOST_OWED):
        await store.change("note", "a", saved({"status": str(n)}))

    with pytest.raises(Busy):
        await store.change("note", "a", saved({"status": "one more"}))
    (owed,) = await claimed(store, 1, timedelta(0))
    await store.settle(owed, [owed.events[0].id])
    await store.change("note", "a", saved({"status": "one more"}))


async def test_what_is_kept_stays_as_it_is(store: Store) -> None:
    await store.keep("thing", {"a": {"n": 1}, "b": {"region": "61.12", "n": 1}})
    await store.keep("thing", {"b": {"n": 2}, "c": {"n": 2}})

    found = [(row.id, row["n"]) async for row in store.scan("thing", {}, ["n"])]
    assert found == [("a", 1), ("b", 1), ("c", 2)]
    assert [each.id for each in (await store.find("thing", {"region": "61.12"})).documents] == ["b"]
    assert await store.owed_depth() == 0
    assert (await store.change("thing", "a", counted())).state == {"n": 2}


async def test_owed_entries_are_in_a_dump_and_come_back_with_a_load(store: Store) -> None:
    await store.change("note", "a", saved({"status": "open"}))
    (stored,) = [each async for each in store.dump(NOTE.name)]
    await store.erase("note", "a")

    await store.load("note", [stored])

    (owed,) = await claimed(store)
    assert entry_id(owed.events[0]).endswith(f"/note/a/{stored['sequence']:016d}")
