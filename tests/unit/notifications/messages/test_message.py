from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from services.notifications.messages import alert_log as posts
from services.notifications.messages import message as messages
from services.notifications.messages.attempt import BACK_OFF, GIVE_UP_AFTER, LEASE, TAKEN, AttemptOutcome, Result
from services.notifications.messages.message import MessageStatus
from shared.contracts.message import ALERT_FAILED, ALERT_SENT, AlertSent

NOW = 1_800_000_000_000
SETTLED = datetime(2027, 1, 2, tzinfo=UTC)
LATER = AttemptOutcome(Result.LATER, "4.3.0")
UNANSWERED = AttemptOutcome(Result.UNANSWERED, "no-answer")


def alert(id: str = "one") -> dict[str, Any]:
    return {"id": id, "agency": "a", "year": 2026, "deadline_revision": 1, "stage": "overdue"}


def fresh(*ids: str) -> dict[str, Any]:
    post = {"person": "p", "region": "61.12", "as_of": "2027-01-02"}
    return messages.fresh(post, 1, [alert(id) for id in ids or ("one",)], "mail", NOW)


def opened(state: dict[str, Any], now: int = NOW, true: tuple[str, ...] = ("one", "two")) -> dict[str, Any]:
    after = messages.open_attempt(state, "email", true, now)
    assert after is not None
    return after


def closed(state: dict[str, Any], outcome: AttemptOutcome, now: int = NOW) -> dict[str, Any]:
    after = messages.close_attempt(state, len(state["attempts"]), outcome, now, SETTLED)
    assert after is not None
    return after


def test_an_attempt_is_open_before_anything_is_handed_over_and_only_one_can_be() -> None:
    state = opened(fresh())
    assert (state["status"], state["due"]) == (MessageStatus.OPEN, NOW + LEASE * 1000)
    assert messages.open_attempt(state, "email", {"one"}, NOW + 1) is None


def test_what_was_taken_is_sent_and_never_opened_again() -> None:
    state = closed(opened(fresh()), TAKEN)
    assert state["status"] == MessageStatus.SENT
    assert messages.open_attempt(state, "email", {"one"}, messages.NEVER - 1) is None
    report = messages.report(state)
    assert report is not None
    contract, payload = report
    assert contract is ALERT_SENT
    assert isinstance(payload, AlertSent)
    assert (payload.attempts, payload.possibly_repeated, payload.alerts[0].id) == (1, False, "one")


def test_a_temporary_refusal_is_tried_again_on_the_messages_own_clock_for_a_day() -> None:
    state, now, waits = fresh(), NOW, []
    while state["status"] != MessageStatus.FAILED:
        state = closed(opened(state, now), LATER, now)
        waits.append(state["due"] - now)
        now = state["due"]
    assert waits[:5] == [1000 * wait for wait in (*BACK_OFF, BACK_OFF[-1])]
    assert sum(waits[:-1]) >= GIVE_UP_AFTER * 1000 > sum(waits[:-2])
    report = messages.report(state)
    assert report is not None
    assert report[0] is ALERT_FAILED
    assert not state["possibly_repeated"]


def test_an_attempt_found_open_after_its_lease_is_made_once_more_and_marked() -> None:
    lost = opened(fresh())
    again = opened(lost, lost["due"])
    assert [each["possibly_repeated"] for each in again["attempts"]] == [False, True]
    assert again["mail"] == lost["mail"]
    assert closed(again, TAKEN)["possibly_repeated"]


def test_the_outcome_of_an_attempt_that_was_made_again_is_not_recorded() -> None:
    lost = opened(fresh())
    again = opened(lost, lost["due"])
    assert messages.close_attempt(again, 1, TAKEN, NOW, SETTLED) is None


def test_an_unanswered_attempt_stays_open_and_is_repeated_once() -> None:
    first = closed(opened(fresh()), UNANSWERED)
    assert (first["status"], first["due"]) == (MessageStatus.OPEN, NOW + LEASE * 1000)
    second = closed(opened(first, first["due"]), UNANSWERED)
    assert (second["status"], second["code"], second["possibly_repeated"]) == (MessageStatus.FAILED, "no-answer", True)


def test_an_unknown_address_fails_at_once_and_gives_its_alerts_back() -> None:
    state = closed(opened(fresh()), AttemptOutcome(Result.BAD_ADDRESS, "5.1.1"))
    assert (state["status"], state["code"]) == (MessageStatus.FAILED, "5.1.1")
    assert (state["leaving"], state["release"]) == (["one"], 1)


def test_a_stopped_channel_costs_a_message_nothing_of_its_day() -> None:
    state = closed(opened(fresh()), AttemptOutcome(Result.STOPPED, "5.7.1"))
    assert (state["status"], state["trying_since"], state["failures"]) == (MessageStatus.WAITING, None, 0)


def test_alerts_that_hold_no_more_leave_the_message_and_an_empty_one_is_dropped() -> None:
    lighter = opened(fresh("one", "two"), true=("two",))
    assert ([each["id"] for each in lighter["alerts"]], lighter["leaving"]) == (["two"], ["one"])
    dropped = opened(fresh(), true=())
    assert (dropped["status"], dropped["leaving"]) == (MessageStatus.DROPPED, ["one"])
    assert messages.report(dropped) is None


def test_a_held_message_is_sent_or_put_away_by_the_operator() -> None:
    held = messages.hold(fresh())
    assert held is not None
    assert messages.open_attempt(held, "email", {"one"}, messages.NEVER) is None
    away, going = messages.put_away(held), messages.let_go(held, NOW)
    assert away is not None
    assert going is not None
    assert (away["status"], going["status"]) == (MessageStatus.DROPPED, MessageStatus.WAITING)
    under_way = messages.hold(opened(fresh()))
    assert under_way is not None
    again = messages.let_go(under_way, NOW)
    assert again is not None
    assert again["possibly_repeated"]


def test_a_post_knows_what_a_later_copied_message_says() -> None:
    message = fresh("one")
    post = posts.reconciled(None, message)
    assert post is not None
    assert (post["last"], [each["id"] for each in post["alerts"]]) == (1, ["one"])
    assert posts.reconciled(post, message) is None
