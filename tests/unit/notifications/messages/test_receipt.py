from __future__ import annotations

import os
import random
from collections.abc import Callable, Sequence
from functools import partial

import pytest

from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.messages.message import NEVER, Message, Via
from services.notifications.messages.outcome import settles, with_answer
from services.notifications.messages.receipt import Receipt, ReceiptState, with_receipt
from tests.unit.notifications.messages.test_message import EMAIL, NOW, SETTLED, WHATSAPP, closed, new_message, opened

ACCEPTED = Answer(AnswerClass.ACCEPTED, provider_id="wamid.1")
HISTORIES = 100_000 if os.environ.get("SOAK_SECONDS") else 2_000
Step = Callable[[Message], Message | None]


def receipt(state: str, at: int = NOW + 1, *, attempt: str = "p/1/1", **more: str) -> Receipt:
    channel = more.pop("channel", "whatsapp")
    return Receipt.model_validate(
        {"id": f"{attempt}{state}{at}", "channel": channel, "attempt": attempt, "state": state, "at": at} | more
    )


def after(message: Message, *receipts: Receipt) -> Message:
    for each in receipts:
        message = with_receipt(message, each, SETTLED) or message
    return message


def accepted(via: Via = WHATSAPP) -> Message:
    return closed(opened(new_message(), via=via), ACCEPTED)


def test_a_delivered_message_is_done_and_a_read_one_says_so() -> None:
    delivered = after(accepted(), receipt("delivered"))
    assert (delivered.status, delivered.done, delivered.due) == ("delivered", True, NEVER)
    assert after(delivered, receipt("read")).status == "read"
    assert after(accepted(), receipt("read")).status == "read"  # `delivered` may be missing


def test_a_receipt_may_come_before_our_own_record() -> None:
    early = after(opened(new_message(), via=WHATSAPP), receipt("delivered"))
    assert (early.status, early.done) == ("delivered", True)
    late = with_answer(early, 1, ACCEPTED, NOW + 2, SETTLED)
    assert late is not None
    assert (late.status, late.provider_id, settles(late, early)) == ("delivered", "wamid.1", False)
    assert early.open_attempt(WHATSAPP, {"one"}, NEVER - 1) is None  # a crash now repeats nothing


def test_a_receipt_settles_a_hand_over_that_was_never_answered() -> None:
    unanswered = closed(opened(new_message(), via=WHATSAPP), Answer(AnswerClass.UNANSWERED, "no-answer"))
    assert after(unanswered, receipt("sent")).status == "sent"
    assert after(unanswered, receipt("delivered")).status == "delivered"


def test_a_wrong_number_is_told_late_and_takes_the_alerts_out_again() -> None:
    sent = accepted()
    failed = after(sent, receipt("failed", code="131026", answer="recipient"))
    assert (failed.status, failed.code, failed.leaving, failed.release) == ("failed", "131026", ("one",), True)
    assert settles(failed, sent)
    released = failed.released(failed.leaving)
    assert released is not None
    assert after(released, receipt("failed", NOW + 9, code="131026", answer="recipient")).leaving == ()


def test_a_failure_that_is_not_about_the_address_is_tried_again_unless_it_was_delivered() -> None:
    failure = receipt("failed", NOW + 5, code="131000", answer="transient")
    assert (after(accepted(), failure).status, after(accepted(), failure).due) == ("waiting", NOW + 5 + 60_000)
    assert after(accepted(), receipt("delivered"), failure).status == "delivered"
    assert after(accepted(), failure, receipt("delivered")).status == "delivered"


def test_a_mail_that_comes_back_closes_the_message_and_is_not_sent_there_again() -> None:
    bounce = partial(receipt, "failed", attempt="", channel="email", mail="mail")
    assert after(accepted(EMAIL), bounce(code="5.1.1", answer="recipient")).status == "failed"
    expired = after(accepted(EMAIL), bounce(code="4.4.7", answer="transient"))
    assert (expired.status, expired.leaving, expired.due) == ("undelivered", (), NEVER)


def test_a_bounce_of_the_second_copy_leaves_what_the_first_one_told() -> None:
    first = accepted()
    both = closed(opened(first, first.due, via=Via("email", "smtp", fallback=True)), Answer(AnswerClass.ACCEPTED))
    bounce = receipt("failed", attempt="", channel="email", mail="mail", code="5.1.1", answer="recipient")
    waiting = after(both, bounce)
    assert (waiting.status, waiting.done) == ("sent", False)
    assert after(waiting, receipt("delivered")).status == "delivered"


@pytest.mark.parametrize(
    "stranger",
    [
        {"attempt": "q/1/1"},
        {"attempt": "p/2/1"},
        {"attempt": "p/1/2"},
        {"attempt": "p/1/1", "channel": "email"},
        {"attempt": "", "provider_id": "wamid.2"},
        {"attempt": "", "mail": "other", "channel": "email"},
        {"attempt": ""},
    ],
)
def test_a_receipt_of_another_attempt_changes_nothing(stranger: dict[str, str]) -> None:
    message = accepted()
    assert with_receipt(message, receipt("delivered", **stranger), SETTLED) is None  # type: ignore[arg-type]


def test_a_receipt_is_matched_by_the_providers_id_too() -> None:
    assert after(accepted(), receipt("delivered", attempt="", provider_id="wamid.1")).status == "delivered"


def history(random: random.Random) -> tuple[Message, list[Step]]:
    """A message with open attempts, and what happens to it: our own records, and receipts about each attempt."""
    first = opened(new_message("one", "two"), via=WHATSAPP)
    steps: list[Step] = []
    if random.random() < 0.4:
        first = closed(first, random.choice([ACCEPTED, Answer(AnswerClass.UNANSWERED)]))
        first = opened(first, first.due, via=Via("email", "smtp", fallback=True))
        own = random.choice([AnswerClass.ACCEPTED, AnswerClass.TRANSIENT, AnswerClass.RECIPIENT])
        steps.append(lambda message: with_answer(message, 2, Answer(own, "code"), NOW + 3, SETTLED))
        if random.random() < 0.3:
            bounce = receipt("failed", NOW + 8, attempt="", channel="email", mail="mail", code="5.1.1")
            about = random.choice([AnswerClass.RECIPIENT, AnswerClass.TRANSIENT])
            step = bounce.model_copy(update={"answer": about})
            steps.append(lambda message: with_receipt(message, step, SETTLED))
    else:
        answer = random.choice([ACCEPTED, ACCEPTED, Answer(AnswerClass.UNANSWERED)])
        steps.append(lambda message: with_answer(message, 1, answer, NOW + 1, SETTLED))
    for _ in range(random.randint(0, 6)):
        state = random.choice(list(ReceiptState))
        how = {"code": random.choice(["131026", "131000", "132001"])} if state is ReceiptState.FAILED else {}
        if how:
            how["answer"] = random.choice(["recipient", "transient", "template"])
        found = receipt(state, NOW + random.randint(1, 9), **how)
        steps += [partial(lambda message, found: with_receipt(message, found, SETTLED), found=found)] * random.randint(
            1, 2
        )
    return first, steps


def played(message: Message, steps: Sequence[Step]) -> Message:
    for step in steps:
        message = step(message) or message
    return message


def test_every_order_of_the_same_receipts_ends_in_one_state() -> None:
    source = random.Random(9)
    for number in range(HISTORIES):
        message, steps = history(source)
        expected = played(message, steps)
        shuffled = list(steps)
        source.shuffle(shuffled)
        assert played(message, shuffled) == expected, f"history {number} of seed 9"
