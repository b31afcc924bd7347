"""What an audit entry says about a change."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.audit_entry import LONGEST, MOST, differences
from shared.ports.audit_rule import AuditRule

RULE = AuditRule(shown=("status", "files.*.digest", "profile.form", "tags"), left_out=frozenset({"by"}))


def test_values_are_shown_only_at_the_paths_of_the_rule() -> None:
    before = {"status": "draft", "name": "Budi", "profile": {"form": "digital", "text": "Budi"}, "by": "a"}
    after = {"status": "open", "name": "Siti", "profile": {"form": "other", "text": "Siti"}, "by": "b"}

    assert differences(RULE, before, after) == [
        {"field": "status", "before": "draft", "after": "open"},
        {"field": "name", "hidden": True},
        {"field": "profile.form", "before": "digital", "after": "other"},
        {"field": "profile.text", "hidden": True},
    ]


def test_items_of_lists_are_compared_by_place() -> None:
    before = {"files": [{"digest": "a", "name": "x"}], "tags": ["one"]}
    after = {"files": [{"digest": "a", "name": "x"}, {"digest": "b", "name": "y"}], "tags": ["one", "two"]}

    assert differences(RULE, before, after) == [
        {"field": "files.1.digest", "before": None, "after": "b"},
        {"field": "files.1.name", "hidden": True},
        {"field": "tags.1", "before": None, "after": "two"},
    ]


def test_keys_below_a_hidden_field_are_not_named() -> None:
    assert differences(RULE, {}, {"people": {"Budi": 1}}) == [{"field": "people", "hidden": True}]


def test_a_value_of_another_form_than_the_rule_expects_is_hidden() -> None:
    assert differences(RULE, {"profile": {"form": "digital"}}, {"profile": "Budi"}) == [
        {"field": "profile", "hidden": True}
    ]


def test_a_long_text_is_stood_for_by_its_digest() -> None:
    (found,) = differences(RULE, {"status": ""}, {"status": "x" * (LONGEST + 1)})

    assert found["after"].keys() == {"characters", "sha256"}
    assert found["after"]["characters"] == LONGEST + 1


def test_an_entry_stays_small() -> None:
    found = differences(RULE, {}, {"tags": {str(n): n for n in range(5)}, "files": [{"digest": "a"}] * 1000})

    assert len(found) == MOST
    assert found[-1] == {"field": "*", "hidden": True, "more": 1001 - MOST + 1}


SECRET = "rahasia"
_values: Any = st.recursive(
    st.one_of(st.none(), st.integers(), st.just(SECRET)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["digest", "name", "form"]), inner, max_size=3),
    ),
    max_leaves=8,
)
_fields = st.sampled_from(["people", "name", "files", "profile"])
_states = st.dictionaries(_fields, _values, max_size=4)


def _without_shown(value: Any, place: Any) -> Any:  # noqa: ANN401 - JSON
    """The state with a harmless value at every path that is shown."""
    if place is True:
        return 0
    if isinstance(value, list):
        return [_without_shown(each, (place or {}).get("*")) for each in value]
    if isinstance(value, dict):
        return {
            key: _without_shown(each, (place or {}).get(key, (place or {}).get("*"))) for key, each in value.items()
        }
    return value


@given(_states, _states)
def test_no_hidden_value_is_ever_in_an_entry(before: dict[str, Any], after: dict[str, Any]) -> None:
    before, after = _without_shown(before, RULE.tree), _without_shown(after, RULE.tree)

    found = differences(RULE, before, after)

    assert SECRET not in json.dumps([each for each in found if not each.get("hidden")])
    assert all(each.keys() <= {"field", "hidden", "more"} for each in found if each.get("hidden"))


@given(_states, _states)
def test_equal_states_have_no_differences_and_others_have_some(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert differences(RULE, after, after) == []
    present = {key: value for key, value in before.items() if value is not None}
    wanted = {key: value for key, value in after.items() if value is not None}
    assert bool(differences(RULE, present, wanted)) == (present != wanted) or _only_empty(present, wanted)


def _only_empty(before: Any, after: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether they differ only in what is not there and what is there and empty."""
    return _pruned(before) == _pruned(after)


def _pruned(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        value = {str(place): each for place, each in enumerate(value)}
    if isinstance(value, dict):
        return {key: kept for key, each in value.items() if (kept := _pruned(each)) is not None} or None
    return value
