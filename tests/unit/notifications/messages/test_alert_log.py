from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.messages.alert_log import AlertLog
from services.notifications.messages.message import MessageContent
from shared.contracts.message import Alert, Reason
from shared.contracts.vocabulary import ReasonKind

DAY = date(2027, 1, 2)
EMPTY = AlertLog(person="p", region="61.12")


def alert(id: str) -> Alert:
    return Alert(
        id=id,
        reason=Reason(kind=ReasonKind.DUTY, what="overdue", region="61.12", agency="a", year=2026, deadline_revision=1),
    )


def take(log: AlertLog | None, *ids: str) -> AlertLog | None:
    assert log is not None
    return log.take([alert(id) for id in ids], as_of=DAY, taken_at=7)


def taken(log: AlertLog | None, *ids: str) -> AlertLog:
    """The log after the alerts were taken and their message was written."""
    after = take(log, *ids)
    assert after is not None
    written = after.written(after.last)
    assert written is not None
    return written


def ids_of(log: AlertLog, number: int) -> list[str]:
    return [each.id for each in log.alerts_of(number)]


def test_all_missing_alerts_are_put_into_one_new_message() -> None:
    first = take(EMPTY, "one", "two")
    assert first is not None
    assert (first.last, first.unwritten, first.as_of) == (1, 1, DAY)
    assert ids_of(first, 1) == ["one", "two"]
    assert take(first.written(1), "one", "two") is None
    second = take(first.written(1), "one", "three")
    assert second is not None
    assert ids_of(second, 2) == ["three"]


def test_nothing_is_taken_while_a_message_is_unwritten() -> None:
    assert take(take(EMPTY, "one"), "two") is None


def test_released_alerts_can_be_taken_again_and_others_cannot() -> None:
    lighter = taken(EMPTY, "one", "two").release(1, {"one"})
    again = take(lighter, "one", "two")
    assert again is not None
    assert ids_of(again, 2) == ["one"]
    assert again.release(1, {"one"}) is None


def test_discarded_alerts_are_never_taken() -> None:
    log = EMPTY.discard([alert("one")], 2027)
    assert log is not None
    assert take(log, "one") is None
    assert log.discard([alert("one")], 2027) is None


def test_a_message_that_the_log_does_not_know_is_added_once() -> None:
    message = MessageContent(
        person="p", number=3, region="61.12", alerts=(alert("one"), alert("two")), leaving=("two",)
    )
    log = EMPTY.reconcile(message)
    assert log is not None
    assert (log.last, ids_of(log, 3)) == (3, ["one"])
    assert log.reconcile(message) is None


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=4)))
def test_an_alert_is_in_one_message_only(requests: list[list[str]]) -> None:
    log = EMPTY
    for ids in requests:
        after = take(log, *dict.fromkeys(ids))
        log = (after.written(after.last) if after else None) or log
    assert sorted(each.id for each in log.alerts) == sorted({id for ids in requests for id in ids})
