"""Two people in one form: what is merged, and what they are asked about."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.portal.agency.editing.prints import Merged, merge, prints_of

NAMES = ("name", "stage")
MINE, THEIRS = {"by": "me"}, {"by": "them", "at": "2026-06-01"}


def opened(values: dict[str, Any], others: object = None) -> str:
    return prints_of(values, NAMES, others)


def test_two_people_in_different_fields_both_keep_their_work() -> None:
    form = opened({"name": "Lama", "stage": "inisiatif"})

    merged = merge({"name": "Lama", "stage": "penerapan"}, {"name": "Baru", "stage": "inisiatif"}, form, THEIRS)

    assert (merged.values, merged.conflicting) == ({"name": "Baru", "stage": "penerapan"}, ())


def test_what_was_merged_is_not_undone_by_the_next_save_of_the_same_form() -> None:
    entered = {"name": "Baru", "stage": "inisiatif"}
    first = merge(
        {"name": "Lama", "stage": "penerapan"}, entered, opened({"name": "Lama", "stage": "inisiatif"}), THEIRS
    )

    second = merge(first.values, {**entered, "name": "Baru sekali"}, first.opened, THEIRS)

    assert (second.values, second.conflicting) == ({"name": "Baru sekali", "stage": "penerapan"}, ())


def test_two_people_in_one_field_are_asked() -> None:
    merged = merge({"name": "Punya orang lain"}, {"name": "Punya saya"}, opened({"name": "Lama"}), THEIRS)

    assert (merged.values, merged.conflicting) == ({"name": "Punya orang lain"}, ("name",))


def test_a_save_whose_answer_was_lost_is_no_conflict_with_oneself() -> None:
    form = opened({"name": "Lama"})

    merged = merge({"name": "Versi kedua"}, {"name": "Versi ketiga"}, form, None)

    assert (merged.values, merged.conflicting) == ({"name": "Versi ketiga"}, ())


def test_who_has_compared_both_versions_may_replace_the_other_one() -> None:
    stored = {"name": "Punya orang lain"}

    merged = merge(stored, {"name": "Punya saya"}, opened(stored, THEIRS), THEIRS)

    assert (merged.values, merged.conflicting) == ({"name": "Punya saya"}, ())


_VALUES = st.dictionaries(st.sampled_from("abc"), st.one_of(st.none(), st.text(max_size=2), st.just(["x"])))


@given(was=_VALUES, stored=_VALUES, mine=_VALUES)
def test_nothing_that_another_account_has_changed_is_ever_overwritten(
    was: dict[str, Any], stored: dict[str, Any], mine: dict[str, Any]
) -> None:
    merged: Merged = merge(stored, mine, prints_of(was, "abc", None), THEIRS)

    for name, entered in mine.items():
        theirs = stored.get(name) or None
        if theirs == (was.get(name) or None):
            assert merged.values[name] == entered
        else:
            assert (merged.values[name] or None) == theirs
            changed = (entered or None) != (was.get(name) or None)
            assert (name in merged.conflicting) == (changed and (entered or None) != theirs)
