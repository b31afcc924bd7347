"""The verdict on a message, for each kind of fault."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ValidationError

from shared.faults import (
    Away,
    BusAway,
    Busy,
    Conflict,
    FilesAway,
    Flaw,
    Invalid,
    NewerSchema,
    NotFound,
    Stale,
    StoreAway,
    Unreadable,
)
from shared.messaging.verdict import LONGEST_REASON, Ack, Park, Pause, Reconnect, ResumeWhen, Retry, judge, reason_of

RUNGS = 5


def test_a_message_without_a_fault_is_acknowledged() -> None:
    assert judge(None, 0, RUNGS) == Ack()
    assert judge(None, 99, RUNGS) == Ack()


@pytest.mark.parametrize(
    "fault",
    [
        ValueError("x"),
        KeyError("x"),
        TimeoutError(),
        NotFound("x"),
        Conflict("x"),
        Stale("x"),
        Invalid([Flaw("a", "b", "c")]),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_a_fault_of_the_message_is_retried_on_each_rung_and_then_parked(fault: Exception) -> None:
    name = type(fault).__name__

    verdicts = [judge(fault, attempt, RUNGS) for attempt in range(RUNGS + 2)]

    assert verdicts[:RUNGS] == [Retry(rung, reason_of(fault), name) for rung in range(RUNGS)]
    assert verdicts[RUNGS:] == [Park(reason_of(fault), name)] * 2


@pytest.mark.parametrize("attempt", [0, RUNGS, 10 * RUNGS])
def test_a_fault_of_the_environment_never_parks_a_message(attempt: int) -> None:
    assert judge(BusAway("gone"), attempt, RUNGS) == Reconnect("gone")
    for fault in (StoreAway("gone"), FilesAway("gone"), Busy("gone"), Away("gone")):
        assert judge(fault, attempt, RUNGS) == Pause(ResumeWhen.STORE_ANSWERS, "gone")
    assert judge(NewerSchema("version 2"), attempt, RUNGS) == Pause(ResumeWhen.MESSAGE_READABLE, "version 2")


@pytest.mark.parametrize("attempt", [0, RUNGS])
def test_an_unreadable_message_is_parked_at_once(attempt: int) -> None:
    assert judge(Unreadable("body: no JSON"), attempt, RUNGS) == Park("body: no JSON", "Unreadable")


def test_without_rungs_the_first_fault_parks() -> None:
    assert isinstance(judge(ValueError("x"), 0, 0), Park)


def test_a_reason_names_the_error_and_its_place() -> None:
    def score() -> None:
        raise KeyError("weight")

    with pytest.raises(KeyError) as caught:
        score()

    reason = reason_of(caught.value)
    assert reason.startswith("KeyError: 'weight' (test_verdict.py:")
    assert reason.endswith(" in score)")


def test_a_reason_is_one_short_line() -> None:
    reason = reason_of(ValueError("first line\nsecond line" + "x" * 1000))
    assert reason == "ValueError: first line"
    assert len(reason_of(ValueError("x" * 1000))) == LONGEST_REASON


def test_a_reason_never_shows_the_input_of_a_validation() -> None:
    class Contact(BaseModel):
        phone: int

    with pytest.raises(ValidationError) as caught:
        Contact.model_validate({"phone": "secret-number"})

    reason = reason_of(caught.value)
    assert reason.startswith("ValidationError: phone: ")
    assert "secret-number" not in reason
