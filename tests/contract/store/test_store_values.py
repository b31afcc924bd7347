"""The contract of `shared.ports.store.ValueDecide`: changes of typed values, also of one that the caller has seen."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from shared.contracts.event import Draft
from shared.faults import Conflict, NotFound, Stale
from shared.ports.store import Codec, Store, ValueDecide
from tests.support.store_samples import claimed, draft, saved

NUMBERS: Codec[int] = Codec(
    of_state=lambda state: state["n"],
    to_state=lambda number: {"n": number},
    of_text=lambda text: json.loads(text)["n"],
    to_text=lambda number: json.dumps({"n": number}),
)

Step = Callable[[int | None], tuple[int, Draft | None] | None]


def one_more(before: int | None) -> tuple[int, None]:
    return (before or 0) + 1, None


def deciding(step: Step, known: tuple[int, int | None] | None = None) -> ValueDecide[int]:
    return ValueDecide(NUMBERS, step, known)


async def test_a_value_is_saved_as_its_state(store: Store) -> None:
    first = await store.change("thing", "a", deciding(one_more))
    second = await store.change("thing", "a", deciding(one_more))

    found = await store.get("thing", "a")
    assert found is not None
    assert (first.state, second.state, found.state) == ({"n": 1}, {"n": 2}, {"n": 2})
    assert (second.changed, found.changed) == (True, False)
    assert first.sequence < second.sequence == found.sequence


async def test_what_the_caller_has_seen_is_changed(store: Store) -> None:
    seen = await store.change("thing", "a", saved({"n": 1}))

    changed = await store.change("thing", "a", deciding(one_more, (seen.sequence, 1)))

    assert (changed.state, changed.changed) == ({"n": 2}, True)
    assert changed.sequence > seen.sequence


async def test_what_has_changed_since_the_caller_saw_it_is_decided_again(store: Store) -> None:
    seen = await store.change("thing", "a", saved({"n": 1}))
    await store.change("thing", "a", saved({"n": 50}))
    decide = deciding(one_more, (seen.sequence, 1))

    changed = await store.change("thing", "a", decide)

    assert (changed.state, decide.latest) == ({"n": 51}, 51)


async def test_a_refusal_of_what_is_no_longer_stored_counts_for_nothing(store: Store) -> None:
    seen = await store.change("thing", "a", saved({"n": 1}))
    await store.change("thing", "a", saved({"n": 50}))

    def refuse_ones(before: int | None) -> tuple[int, None]:
        if before == 1:
            raise Conflict("one")
        return one_more(before)

    assert (await store.change("thing", "a", deciding(refuse_ones, (seen.sequence, 1)))).state == {"n": 51}


async def test_a_refusal_of_what_is_stored_passes_through(store: Store) -> None:
    seen = await store.change("thing", "a", saved({"n": 1}))

    def refuse(_: int | None) -> tuple[int, None]:
        raise Conflict("no")

    with pytest.raises(Conflict):
        await store.change("thing", "a", deciding(refuse, (seen.sequence, 1)))
    found = await store.get("thing", "a")
    assert found is not None
    assert found.sequence == seen.sequence


async def test_no_change_of_what_was_seen_gives_what_is_stored(store: Store) -> None:
    seen = await store.change("thing", "a", saved({"n": 1}))
    newer = await store.change("thing", "a", saved({"n": 50}))
    decide = deciding(lambda before: None if before in (1, 50) else (0, None), (seen.sequence, 1))

    same = await store.change("thing", "a", decide)

    assert (same.sequence, same.state, same.changed, decide.latest) == (newer.sequence, {"n": 50}, False, 50)


async def test_what_was_believed_to_be_new_is_decided_again_if_it_exists(store: Store) -> None:
    new = await store.change("thing", "a", deciding(one_more, (0, None)))
    again = await store.change("thing", "a", deciding(one_more, (0, None)))

    assert (new.state, again.state) == ({"n": 1}, {"n": 2})


async def test_what_was_seen_and_is_gone_is_decided_as_new(store: Store) -> None:
    seen = await store.change("thing", "a", saved({"n": 7}))
    await store.erase("thing", "a")

    assert (await store.change("thing", "a", deciding(one_more, (seen.sequence, 7)))).state == {"n": 1}
    with pytest.raises(NotFound):
        await store.change("thing", "b", deciding(lambda _: None, (0, None)))


async def test_an_expected_version_is_compared_also_when_one_was_seen(store: Store) -> None:
    seen = await store.change("thing", "a", saved({"n": 1}))
    newer = await store.change("thing", "a", saved({"n": 50}))

    with pytest.raises(Stale):
        await store.change("thing", "a", deciding(one_more, (seen.sequence, 1)), expected=seen.sequence)
    changed = await store.change("thing", "a", deciding(one_more, (newer.sequence, 50)), expected=newer.sequence)
    assert changed.state == {"n": 51}


async def test_a_change_of_what_was_seen_owes_its_event(store: Store) -> None:
    seen = await store.change("thing", "a", saved({"n": 1}))

    changed = await store.change("thing", "a", deciding(lambda _: (2, draft()), (seen.sequence, 1)))

    [owed] = await claimed(store)
    assert [each.id.endswith(str(changed.sequence)) for each in owed.events] == [True]


async def test_a_value_that_no_store_keeps_is_refused_and_nothing_is_written(store: Store) -> None:
    seen = await store.change("thing", "a", saved({"n": 1}))

    for known in (None, (seen.sequence, 1)):
        with pytest.raises(ValueError, match="state"):
            await store.change("thing", "a", deciding(lambda _: (2**63, None), known))
    assert (await store.change("thing", "a", deciding(lambda _: (2**63 - 1, None)))).state == {"n": 2**63 - 1}
