"""States in MongoDB: the quick pass over what is usual says the same as the plain way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import bson
import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared.adapters.mongo.states import escaped, state_of, storable
from shared.adapters.stored_form import plain

USUAL = some.text("abcé _", max_size=4)
UNUSUAL = some.text("%.$25E\x00\ud800", max_size=4) | some.integers(0, 3)
LEAVES = (
    some.none()
    | some.booleans()
    | some.integers(-(2**63), 2**63 - 1)
    | some.floats(allow_nan=False, allow_infinity=False)
    | USUAL
)
BAD = (
    some.integers(2**63, 2**64)
    | some.sampled_from([float("nan"), float("inf"), b"x", (1,), {1}, datetime(2026, 1, 1, tzinfo=UTC)])
    | some.text("\ud800", min_size=1)
)


def states(keys: some.SearchStrategy[Any], leaves: some.SearchStrategy[Any]) -> some.SearchStrategy[dict[Any, Any]]:
    def nested(inner: some.SearchStrategy[Any]) -> some.SearchStrategy[Any]:
        return some.lists(inner, max_size=3) | some.dictionaries(keys, inner, max_size=3)

    return some.dictionaries(keys, some.recursive(leaves, nested, max_leaves=8), max_size=4)


def outcome(work: Any) -> Any:  # noqa: ANN401 - any result
    try:
        return repr(work())
    except ValueError as error:
        return str(error)


@given(states(USUAL, LEAVES) | states(USUAL | UNUSUAL, LEAVES) | states(USUAL, LEAVES | BAD))
def test_what_is_stored_is_as_the_plain_way_says(state: dict[Any, Any]) -> None:
    assert outcome(lambda: storable(state)) == outcome(lambda: (plain(state), escaped(plain(state))))


@given(states(USUAL | some.text("%.$25E\x00", max_size=4), LEAVES))
def test_what_is_stored_is_loaded_unchanged_and_can_be_stored_again(state: dict[str, Any]) -> None:
    stored = bson.decode(bson.encode(storable(state)[1]))

    assert repr(state_of(stored)) == repr(state)


@pytest.mark.parametrize("load", [False, True])
def test_a_copy_shares_nothing_that_can_change(load: bool) -> None:
    state = {"a": [{"b": [1]}], "c": {"d": {}}}
    copy = state_of(state) if load else storable(state)[0]
    copy["a"][0]["b"].append(2)
    copy["c"]["d"]["e"] = 3

    assert state == {"a": [{"b": [1]}], "c": {"d": {}}}


def test_a_long_number_is_loaded_as_a_plain_one() -> None:
    stored = bson.decode(bson.encode({"at": 2**40, "all": [2**41], "k%2E": 2**42}))

    loaded = [state_of({"at": stored["at"], "all": stored["all"]})]

    assert [type(loaded[0]["at"]), type(loaded[0]["all"][0])] == [int, int]
