"""What holds of an innovation's continuation whatever is done to it, in any order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.registry.continuation import changes
from services.registry.continuation.actor import ActorList
from services.registry.continuation.continuation import EMPTY
from services.registry.continuation.follow_up import Answer, UseEntry, first_day, months_later
from services.registry.continuation.origin import InnovationOrigin
from services.registry.continuation.rights import RightsList, recorded
from services.registry.continuation.rules import ContinuationRules
from services.registry.continuation.stage import StageMove
from services.registry.continuation.sustainability import Sustainability
from services.registry.innovation.innovation import Change, Innovation, event_of
from services.registry.innovation.turn import turn_of
from shared.contracts.contract import Origin
from shared.contracts.innovation import INNOVATION_VERIFIED
from shared.faults import Conflict, Invalid
from tests.support.registry_states import CURATOR, JULY, verified

RULES = ContinuationRules()
FOLLOW_UP = RULES.follow_up
MARK = {"kind": "merek", "number": "M1", "dated": "2020-01-01", "holder": "Pemda"}


def today_of(origin: Origin) -> date:
    return origin.time.date()


def _move(stage: str) -> Callable[[Innovation, Origin], Change]:
    move = StageMove(pipeline="labinov", stage=stage)
    return lambda it, at: changes.move(it, move, rules=RULES, by=CURATOR, now=at.time, origin=at)


def _answer(**answer: Any) -> Callable[[Innovation, Origin], Change]:  # noqa: ANN401 - fields by name
    given = Answer.model_validate(answer)
    return lambda it, at: changes.answer(it, given, today=today_of(at), rules=FOLLOW_UP, by=CURATOR, origin=at)


def _use(**use: Any) -> Callable[[Innovation, Origin], Change]:  # noqa: ANN401 - fields by name
    wanted = UseEntry.model_validate(use)
    return lambda it, at: changes.set_use(it, wanted, today=today_of(at), rules=FOLLOW_UP, by=CURATOR, origin=at)


def _plan(days: int) -> Callable[[Innovation, Origin], Change]:
    def plan(it: Innovation, at: Origin) -> Change:
        return changes.plan_follow_up(it, today_of(at) + timedelta(days=days), today_of(at), FOLLOW_UP, at)

    return plan


def _rights(*expire: str) -> Callable[[Innovation, Origin], Change]:
    rights = RightsList.model_validate({"rights": [{**MARK, "expires_on": day} for day in expire]})
    return lambda it, at: changes.set_rights(it, rights, at)


def _origin(**origin: Any) -> Callable[[Innovation, Origin], Change]:  # noqa: ANN401 - fields by name
    wanted = InnovationOrigin.model_validate(origin)
    return lambda it, at: changes.set_origin(it, wanted, today=today_of(at), rules=FOLLOW_UP, by=CURATOR, origin=at)


def _begin(it: Innovation, at: Origin) -> Change:
    asked_on = first_day(date(2026, 7, 1), FOLLOW_UP, today_of(at), agency=it.agency, innovation=it.id)
    return changes.begin_following(it, asked_on, today_of(at), FOLLOW_UP, at)


ACTIONS: dict[str, Callable[[Innovation, Origin], Change]] = {
    "design": _move("design"),
    "display": _move("display"),
    "begin": _begin,
    "lapse": lambda it, at: changes.lapse(it, today_of(at), FOLLOW_UP, at),
    "live": _answer(use="live"),
    "dormant": _answer(use="dormant", reason="Menunggu anggaran."),
    "stopped": _answer(use="stopped", reason="Selesai."),
    "found live": _use(use="live"),
    "found stopped": _use(use="stopped", reason="Tidak ada lagi."),
    "plan tomorrow": _plan(1),
    "plan later": _plan(40),
    "right": _rights("2030-01-01"),
    "rights": _rights("2031-01-01", "2030-01-01"),
    "no rights": _rights(),
    "community": _origin(kind="community"),
    "training stopped": _origin(
        kind="training", training="pka", decision="stop", decided_on="2026-06-30", reason="Tidak dilanjutkan."
    ),
    "training goes on": _origin(kind="training", training="pka", decision="continue", decided_on="2026-07-01"),
    "actors": lambda it, at: changes.set_actors(it, ActorList(actors=()), at),
    "team": lambda it, at: changes.set_sustainability(it, Sustainability(financing="APBD"), at),
}


@given(st.lists(st.tuples(st.sampled_from(sorted(ACTIONS)), st.integers(0, 120)), max_size=25))
def test_whatever_is_done_the_event_says_it_and_no_question_is_asked_twice(done: list[tuple[str, int]]) -> None:
    innovation, time = verified(), JULY.time
    turn = turn_of(innovation.history)
    asked: dict[int, date] = {}
    ended: dict[int, date] = {}
    for action, days in done:
        time += timedelta(days=days)
        at = Origin(time=time)
        try:
            change = ACTIONS[action](innovation, at)
        except Conflict:
            continue
        if change is None:
            continue
        after, event = change
        assert after != innovation
        told = after.continuation.public()
        assert (event is not None) == (told != innovation.continuation.public())
        if event is not None:
            assert told is not None
            assert event.type == INNOVATION_VERIFIED.type
            assert event.data["continuation"] == told.model_dump(mode="json")
        assert turn_of(after.history) == turn
        innovation = after
        question = innovation.continuation.question
        if question is not None:
            known = asked.get(question.number)
            assert known is None or known == question.asked_on or known > today_of(at)
            asked[question.number] = question.asked_on
        for right in innovation.continuation.rights:
            if right.nth and right.ends_on:
                assert ended.setdefault(right.nth, right.ends_on) == right.ends_on
        if innovation.continuation.use and innovation.continuation.use.use == "stopped":
            assert question is None
        assert Innovation.model_validate_json(innovation.model_dump_json()) == innovation


@given(st.lists(st.tuples(st.sampled_from(("drum_up", "design", "display")), st.integers(-90, 5)), max_size=12))
def test_moves_that_are_recorded_in_any_order_are_kept_in_theirs(said: list[tuple[str, int]]) -> None:
    """On one Monday; days: from then on, each since which it is there."""
    innovation, now = verified(), JULY.time
    for stage, days in said:
        wanted = StageMove(pipeline="labinov", stage=stage, on=now.date() + timedelta(days=days))
        try:
            change = changes.move(innovation, wanted, rules=RULES, by=CURATOR, now=now, origin=JULY)
        except Invalid:
            continue
        if change is not None:
            innovation = change[0]
            assert innovation.continuation.moves[-1].place == ("labinov", stage)
        moves = innovation.continuation.moves
        moments = [each.at for each in moves]
        assert moments == sorted(moments)
        assert all(each <= now for each in moments)
        assert all(one.place != other.place for one, other in pairwise(moves))


def test_nothing_is_said_of_an_innovation_of_which_nothing_is_recorded() -> None:
    assert EMPTY.public() is None
    assert event_of(verified(), JULY).data["continuation"] is None


def test_once_something_was_said_it_is_never_unsaid() -> None:
    """A consumer that looks at nothing where nothing is said would keep what is outdated."""
    change = _rights("2030-01-01")(verified(), JULY)
    assert change is not None
    cleared = _rights()(change[0], JULY)
    assert cleared is not None
    assert cleared[0].continuation.public() is not None


def test_months_later_is_the_same_day_or_the_last_of_the_month() -> None:
    assert months_later(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_later(date(2026, 8, 31), 18) == date(2028, 2, 29)
    assert months_later(date(2026, 12, 1), 1) == date(2027, 1, 1)


def test_two_certificates_with_one_last_day_have_two_numbers() -> None:
    entries = RightsList.model_validate(
        {"rights": [{**MARK, "number": each, "expires_on": "2030-01-01"} for each in ("M1", "M2")]}
    ).rights
    first, count = recorded((), entries, 0)
    again, counted = recorded(first, tuple(reversed(entries)), count)

    assert ([each.nth for each in first], count) == ([1, 2], 2)
    assert ([each.nth for each in again], counted) == ([2, 1], 2)


def test_a_moment_before_the_first_day_of_following_is_never_in_the_past() -> None:
    today = date(2028, 1, 10)

    assert first_day(date(2020, 1, 1), FOLLOW_UP, today, agency="a1", innovation="i1") >= date(2028, 1, 24)
    assert first_day(date(2028, 1, 1), FOLLOW_UP, today, agency="a1", innovation="i1") == date(2028, 7, 1)
