from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.messages import alert_log as posts
from shared.contracts.message import Alert

DAY = date(2027, 1, 2)


def alert(id: str) -> Alert:
    return Alert(id=id, agency="a", year=2026, deadline_revision=1, stage="overdue")


def take(state: dict[str, Any] | None, *ids: str) -> dict[str, Any] | None:
    due = [alert(id) for id in ids]
    return posts.take(state, due, person="p", region="61.12", as_of=DAY, taken_at=7)


def test_all_that_is_lacking_goes_into_one_new_message() -> None:
    first = take(None, "one", "two")
    assert first is not None
    assert (first["last"], first["unwritten"]) == (1, 1)
    assert [each["id"] for each in posts.of_message(first, 1)] == ["one", "two"]
    assert take(posts.written(first, 1), "one", "two") is None
    second = take(posts.written(first, 1), "one", "three")
    assert second is not None
    assert [each["id"] for each in posts.of_message(second, 2)] == ["three"]


def test_nothing_is_taken_while_a_message_has_to_be_written() -> None:
    assert take(take(None, "one"), "two") is None


def test_released_alerts_can_be_taken_again_and_others_cannot() -> None:
    first = posts.written(take(None, "one", "two"), 1)
    lighter = posts.release(first, 1, {"one"})
    assert lighter is not None
    again = take(lighter, "one", "two")
    assert again is not None
    assert [each["id"] for each in posts.of_message(again, 2)] == ["one"]
    assert posts.release(again, 1, {"one"}) is None


def test_discarded_alerts_are_never_taken() -> None:
    state = posts.discard(None, [alert("one")], person="p", region="61.12")
    assert state is not None
    assert take(state, "one") is None
    assert posts.discard(state, [alert("one")], person="p", region="61.12") is None


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=4)))
def test_an_alert_is_in_one_message_whatever_is_asked_in_whatever_order(asked: list[list[str]]) -> None:
    state: dict[str, Any] | None = None
    for ids in asked:
        after = take(state, *dict.fromkeys(ids))
        if after:
            state = posts.written(after, after["last"])
    held = [each["id"] for each in state["alerts"]] if state else []
    assert sorted(held) == sorted({id for ids in asked for id in ids})
