"""The parts that both stores share: stored form, declared kinds, sorts, lease owners."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared.adapters.kinds import DeclaredKinds, after_prefix, full_sort
from shared.adapters.mongo.states import escaped, unescaped
from shared.adapters.stored_form import plain
from shared.ports.store import Index, Kind

TEXTS = some.text(some.characters(exclude_categories=["Cs"]), max_size=8)
SIGNS = some.text("%.$25E40\x00ab", max_size=8)
JSON = some.recursive(
    some.none() | some.booleans() | some.integers(-(2**63), 2**63 - 1) | some.floats(allow_nan=False) | TEXTS,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(SIGNS | TEXTS, inner, max_size=3),
    max_leaves=10,
)


@given(JSON)
def test_escaped_keys_are_unescaped_unchanged(value: object) -> None:
    assert unescaped(escaped(value)) == value


@given(some.dictionaries(SIGNS, some.none()))
def test_escaped_keys_are_valid_in_mongodb(value: dict[str, None]) -> None:
    assert all("." not in key and "$" not in key and "\x00" not in key for key in escaped(value))
    assert len(escaped(value)) == len(value)


@given(JSON.filter(lambda value: "inf" not in repr(value)))
def test_plain_json_is_copied_unchanged(value: object) -> None:
    assert repr(plain(value)) == repr(value)


@given(TEXTS, TEXTS)
def test_the_end_of_a_prefix_is_above_all_that_begin_with_it(text: str, rest: str) -> None:
    end = after_prefix(text)

    assert end is None or text + rest < end
    assert end is None or not end.startswith(text) or not text


def test_the_end_of_a_prefix_at_the_last_code_point() -> None:
    assert after_prefix("a\U0010ffff") == "b"
    assert after_prefix("\U0010ffff") is None
    assert after_prefix("") is None
    assert after_prefix("\ud7ff") == "\ue000"


def test_the_id_is_the_last_key_in_the_direction_of_the_one_before() -> None:
    assert full_sort(()) == [("_id", 1)]
    assert full_sort([("year", -1)]) == [("year", -1), ("_id", -1)]
    assert full_sort([("_id", -1), ("year", 1)]) == [("_id", -1)]


@pytest.mark.parametrize("name", ["", "Thing", "a-b", "_pinged", 'a"b', "a b", "1a"])
def test_a_name_that_an_engine_could_misread_raises(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        DeclaredKinds([Kind(name)])


@pytest.mark.parametrize("path", ["", ".", "a.", ".a", "a..b", '"', "$a", "a.$b", "a\x00"])
def test_an_index_path_that_an_engine_could_misread_raises(path: str) -> None:
    with pytest.raises(ValueError, match="path"):
        DeclaredKinds([Kind("thing", indexes=(Index((path,)),))])
