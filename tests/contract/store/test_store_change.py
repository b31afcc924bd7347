"""The contract of `shared.ports.store.Documents`: get and change."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.adapters import stored_form
from shared.faults import Busy, Conflict, NotFound, Stale, StoreAway
from shared.observability import failpoints
from shared.observability.failpoints import Failpoint
from shared.ports.store import MOST_OWED, State, Store
from tests.support.store_engines import Engine
from tests.support.store_samples import claimed, counted, draft, events, refused, saved, saved_with_event, settled


async def test_a_saved_document_can_be_read(store: Store) -> None:
    assert await store.get("thing", "a") is None

    new = await store.change("thing", "a", saved({"n": 1}))

    found = await store.get("thing", "a")
    assert found is not None
    assert (new.kind, new.id, new.state, new.changed) == ("thing", "a", {"n": 1}, True)
    assert (found.sequence, found.state, found.changed) == (new.sequence, {"n": 1}, False)


async def test_kinds_do_not_share_documents(store: Store) -> None:
    await store.change("thing", "a", saved({"n": 1}))

    assert await store.get("other", "a") is None


async def test_an_undeclared_kind_raises_value_error(store: Store) -> None:
    with pytest.raises(ValueError, match="undeclared"):
        await store.get("undeclared", "a")


async def test_deciding_none_changes_nothing(store: Store) -> None:
    before = await store.change("thing", "a", saved_with_event({"n": 1}))

    def modify_and_decide_nothing(state: State | None) -> None:
        assert state is not None
        state["n"] = 99

    same = await store.change("thing", "a", modify_and_decide_nothing)

    assert (same.changed, same.sequence, same.state) == (False, before.sequence, {"n": 1})
    assert [len(owed.events) for owed in await claimed(store)] == [1]


async def test_deciding_none_about_a_missing_document_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        await store.change("thing", "a", lambda _: None)
    assert await store.get("thing", "a") is None


async def test_an_error_of_decide_passes_through_and_nothing_is_written(store: Store) -> None:
    await store.change("thing", "a", saved({"n": 1}))

    with pytest.raises(Conflict, match="not now"):
        await store.change("thing", "a", refused(Conflict("not now")))
    with pytest.raises(KeyError):
        await store.change("thing", "b", refused(KeyError("a bug")))

    found = await store.get("thing", "a")
    assert found is not None
    assert found.state == {"n": 1}
    assert await store.get("thing", "b") is None


async def test_a_failing_change_undoes_no_other(store: Store) -> None:
    """Thirty changes at once, every third fails: all the others are saved."""
    decisions = [refused(Conflict(str(n))) if n % 3 == 0 else saved_with_event({"n": n}) for n in range(30)]

    answers = await asyncio.gather(
        *(store.change("thing", f"t{n}", decide) for n, decide in enumerate(decisions)), return_exceptions=True
    )

    assert [isinstance(answer, Conflict) for answer in answers] == [n % 3 == 0 for n in range(30)]
    for n in range(30):
        found = await store.get("thing", f"t{n}")
        assert (None if found is None else found.state) == (None if n % 3 == 0 else {"n": n})
    assert await store.owed_depth() == 20


async def test_an_older_sequence_than_expected_is_stale(store: Store) -> None:
    with pytest.raises(Stale):
        await store.change("thing", "a", saved({"n": 0}), expected=1)
    first = await store.change("thing", "a", saved({"n": 1}))
    second = await store.change("thing", "a", saved({"n": 2}), expected=first.sequence)

    with pytest.raises(Stale):
        await store.change("thing", "a", saved({"n": 3}), expected=first.sequence)

    found = await store.get("thing", "a")
    assert found is not None
    assert (found.sequence, found.state) == (second.sequence, {"n": 2})


async def test_the_event_is_stamped_with_the_documents_sequence(store: Store) -> None:
    new = await store.change("thing", "a/2026", saved_with_event({"n": 1}))

    (owed,) = await claimed(store)
    (event,) = events(owed)
    assert (owed.kind, owed.id) == ("thing", "a/2026")
    assert (event.subject, event.number, event.data) == ("thing/a/2026", new.sequence, {"n": 1})
    assert owed.events[0].id == event.id == f"thing/a/2026/{new.sequence:016d}"
    assert owed.events[0].type == event.type == "thing.changed"


async def test_no_change_of_a_hundred_writers_of_one_document_is_lost(store: Store) -> None:
    answers = await asyncio.gather(*(store.change("thing", "hot", counted(owes=False)) for _ in range(100)))

    found = await store.get("thing", "hot")
    assert found is not None
    assert found.state == {"n": 100}
    assert sorted(answer.state["n"] for answer in answers) == list(range(1, 101))
    assert len({answer.sequence for answer in answers}) == 100


async def test_no_change_of_two_processes_to_one_document_is_lost(engine: Engine) -> None:
    stores = [await engine.open(), await engine.open()]

    await asyncio.gather(*(stores[n % 2].change("thing", "hot", counted(owes=False)) for n in range(40)))

    for store in stores:
        found = await store.get("thing", "hot")
        assert found is not None
        assert found.state == {"n": 40}


async def test_only_one_of_many_creates_a_document(engine: Engine) -> None:
    stores = [await engine.open(), await engine.open()]

    def create(state: State | None) -> tuple[State, Any]:
        if state is not None:
            raise Conflict("it exists")
        return {"n": 1}, draft(n=1)

    answers = await asyncio.gather(
        *(stores[n % 2].change("thing", "new", create) for n in range(20)), return_exceptions=True
    )

    assert sum(not isinstance(answer, BaseException) for answer in answers) == 1
    assert sum(isinstance(answer, Conflict) for answer in answers) == 19
    (owed,) = await claimed(stores[0])
    assert len(owed.events) == 1


async def test_the_sequence_grows_even_when_the_clock_goes_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = await store.change("thing", "a", saved({"n": 1}))
    monkeypatch.setattr(stored_form, "machine_ms", lambda: before.sequence - 3_600_000)

    after = await store.change("thing", "a", saved({"n": 2}))

    assert after.sequence == before.sequence + 1


async def test_the_sequence_is_not_below_the_clock(store: Store) -> None:
    floor = stored_form.machine_ms()

    new = await store.change("thing", "a", saved({"n": 1}))

    assert new.sequence >= floor


async def test_a_document_owes_fifty_events_at_most(store: Store) -> None:
    for _ in range(MOST_OWED):
        await store.change("thing", "a", counted())

    with pytest.raises(Busy):
        await store.change("thing", "a", counted())
    silent = await store.change("thing", "a", counted(owes=False))
    assert silent.state == {"n": MOST_OWED + 1}
    (owed,) = await claimed(store)
    assert [event.data["n"] for event in events(owed)] == list(range(1, MOST_OWED + 1))

    await store.settle(owed, [each.id for each in owed.events])
    assert (await store.change("thing", "a", counted())).state == {"n": MOST_OWED + 2}


STATES = [
    {},
    {"evidence": {"16": {"level": 3}, "2a": None}},
    {"a.b": {"$set": 1, "": 2, "%2E": 3, "$": {"%": 4, ".": 5}}, "_id": "own", "state": {"state": 1}},
    {"text": "Bupati — “Satu Inovasi” 🌾", "zero": "a\x00b", "deep": [[[{"x": [None, True, False]}]], []]},
    {"numbers": [0, -1, 2**63 - 1, -(2**63), 1.5, 1.0, 1e300, 0.1 + 0.2]},
]


@pytest.mark.parametrize("state", STATES)
async def test_any_plain_state_is_read_back_unchanged(store: Store, state: State) -> None:
    new = await store.change("thing", "a", saved(state))

    found = await store.get("thing", "a")
    assert found is not None
    assert found.state == new.state == state
    assert repr(found.state) == repr(state)  # 1 is not 1.0, and True is not 1


@pytest.mark.parametrize(
    "value", [datetime(2026, 1, 1, tzinfo=UTC), float("nan"), float("inf"), {1: 2}, (1,), b"x", 2**63, "\ud800"]
)
async def test_a_state_that_is_not_plain_json_raises_value_error_and_the_store_keeps_working(
    store: Store, value: object
) -> None:
    with pytest.raises(ValueError, match="state"):
        await store.change("thing", "a", saved({"x": value}))

    assert await store.get("thing", "a") is None
    assert (await store.change("thing", "a", saved({"x": 1}))).changed


async def test_later_modifications_of_a_state_are_not_saved(store: Store) -> None:
    given = {"list": [1]}
    new = await store.change("thing", "a", lambda _: (given, None))
    given["list"].append(2)
    new.state["list"].append(3)

    found = await store.get("thing", "a")
    assert found is not None
    assert found.state == {"list": [1]}


async def test_a_cancelled_change_does_not_affect_others(store: Store) -> None:
    tasks = [asyncio.create_task(store.change("thing", f"t{n}", saved_with_event({"n": n}))) for n in range(30)]
    await asyncio.sleep(0)
    for task in tasks[::3]:
        task.cancel()

    answers = await asyncio.gather(*tasks, return_exceptions=True)

    for n, answer in enumerate(answers):
        if n % 3:
            assert not isinstance(answer, BaseException)
            found = await store.get("thing", f"t{n}")
            assert found is not None
            assert found.state == {"n": n}
        else:
            assert isinstance(answer, asyncio.CancelledError)
    assert (await store.change("thing", "later", saved({"n": 1}))).changed


async def test_after_close_the_store_is_away(engine: Engine) -> None:
    store = await engine.open()
    await store.close()

    with pytest.raises(StoreAway):
        await store.change("thing", "a", saved({"n": 1}))
    with pytest.raises(StoreAway):
        await store.get("thing", "a")
    with pytest.raises(StoreAway):
        await store.ping()


async def test_closing_while_busy_keeps_every_acknowledged_change(engine: Engine) -> None:
    store = await engine.open()
    tasks = [asyncio.create_task(store.change("thing", f"t{n}", saved_with_event({"n": n}))) for n in range(60)]
    await tasks[0]

    await store.close()
    answers = await asyncio.gather(*tasks, return_exceptions=True)

    again = await engine.open()
    for n, answer in enumerate(answers):
        if isinstance(answer, BaseException):
            assert isinstance(answer, StoreAway)
        else:
            found = await again.get("thing", f"t{n}")
            assert found is not None
            assert found.state == {"n": n}
    assert not isinstance(answers[0], BaseException)


async def test_ping_succeeds_when_the_engine_can_write(store: Store) -> None:
    await store.ping()
    await store.ping()


async def test_the_failpoints_of_a_change(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[tuple[Failpoint, str]] = []
    monkeypatch.setattr(failpoints, "_listeners", [lambda point, what: reached.append((point, what))])
    store = await engine.open()

    await store.change("thing", "a", saved_with_event({"n": 1}))
    await store.change("thing", "a", lambda _: None)

    assert reached == [(Failpoint.CHANGE_DECIDED, "thing/a"), (Failpoint.CHANGE_COMMITTED, "thing/a")]


async def test_decided_is_before_the_commit_and_committed_after(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a kill at each failpoint leaves: the listener raises, as if the process ended there."""
    store = await engine.open()
    for point, is_saved in ((Failpoint.CHANGE_DECIDED, False), (Failpoint.CHANGE_COMMITTED, True)):

        def end(reached: Failpoint, _: str, point: Failpoint = point) -> None:
            if reached is point:
                raise InterruptedError

        monkeypatch.setattr(failpoints, "_listeners", [end])
        with pytest.raises(InterruptedError):
            await store.change("thing", point.value, saved_with_event({"n": 1}))
        assert (await store.get("thing", point.value) is not None) is is_saved
    monkeypatch.setattr(failpoints, "_listeners", [])
    await settled(store)
    assert await store.owed_depth() == 0


async def test_erasing_removes_a_document_and_what_it_owes(store: Store) -> None:
    await store.change("thing", "a", saved_with_event({"n": 1}))
    await store.change("thing", "b", saved_with_event({"n": 2}))

    await store.erase("thing", "a")
    await store.erase("thing", "never")

    assert await store.get("thing", "a") is None
    assert [owed.id for owed in await claimed(store)] == ["b"]
