"""What people read about the delivery of a message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.messages.history import Step, history, status_words
from services.notifications.messages.message import Message, MessageStatus, Via
from services.notifications.messages.next_step import next_step
from services.notifications.messages.outcome import given_up
from services.notifications.messages.receipt import Receipt, ReceiptState, with_receipt
from services.notifications.messages.texts.codes import reason_of
from services.notifications.state import replaced
from shared.contracts.vocabulary import Zone
from tests.unit.notifications.messages.test_message import EMAIL, NOW, SETTLED, WHATSAPP, closed, new_message, opened

ACCEPTED = Answer(AnswerClass.ACCEPTED, provider_id="wamid.1")
ZONE = Zone.WIB


def sentences(message: Message) -> list[str]:
    return [line.sentence for line in history(message)]


def steps(message: Message) -> list[Step]:
    return [line.step for line in history(message)]


def after(message: Message, state: ReceiptState, at: int, **more: object) -> Message:
    receipt = Receipt.model_validate(
        {"id": f"{state}{at}", "channel": "whatsapp", "attempt": "p/1/1", "state": state, "at": at} | more
    )
    changed = with_receipt(message, receipt, SETTLED)
    assert changed is not None
    return changed


def test_a_new_message_waits_in_the_queue() -> None:
    message = replaced(new_message(), taken_at=NOW - 1000)

    assert sentences(message) == ["Masuk antrean dengan 1 pemberitahuan."]
    assert status_words(message) == "antre"
    assert next_step(message, ZONE).startswith("Menunggu diserahkan")


def test_a_message_that_quiet_hours_defer_says_so() -> None:
    message = replaced(new_message(), deferred="quiet", due=NOW, due_since=NOW)

    assert next_step(message, ZONE).startswith("Ditunda karena jam tenang atau hari libur; diserahkan, paling cepat")


def test_a_mail_is_handed_over_and_nothing_says_that_it_was_read() -> None:
    message = closed(opened(new_message(), via=EMAIL), Answer(AnswerClass.ACCEPTED))

    assert steps(message) == [Step.QUEUED, Step.HANDED_OVER, Step.ACCEPTED]
    assert sentences(message)[1:] == [
        "Diserahkan kepada penyedia surel (penyerahan ke-1).",
        "Diterima penyedia surel.",
    ]
    assert status_words(message) == "diserahkan"
    assert "belum tentu sudah dibaca" in next_step(message, ZONE)


def test_receipts_are_told_in_the_order_of_time_whatever_order_they_came_in() -> None:
    message = closed(opened(new_message(), via=WHATSAPP), ACCEPTED)
    message = after(message, ReceiptState.READ, NOW + 9_000)
    message = after(message, ReceiptState.DELIVERED, NOW + 5_000)

    assert steps(message) == [Step.QUEUED, Step.HANDED_OVER, Step.ACCEPTED, Step.DELIVERED, Step.READ]
    assert status_words(message) == "dibaca"
    assert next_step(message, ZONE) == "Selesai; tidak ada langkah lagi."


def test_a_receipt_that_is_older_than_our_record_comes_after_the_acceptance() -> None:
    message = after(opened(new_message(), via=WHATSAPP), ReceiptState.DELIVERED, NOW + 500)
    message = closed(message, ACCEPTED, NOW + 2_000)

    assert steps(message) == [Step.QUEUED, Step.HANDED_OVER, Step.ACCEPTED, Step.DELIVERED]


def test_a_message_without_a_receipt_says_until_when_it_waits() -> None:
    message = closed(opened(new_message(), via=WHATSAPP), ACCEPTED)

    due = datetime.fromtimestamp(message.due / 1000, UTC) + timedelta(hours=7)
    assert f"{due:%H.%M} WIB" in next_step(message, ZONE)
    assert "Menunggu tanda terima" in next_step(message, ZONE)


def test_a_second_copy_says_why_it_was_made() -> None:
    first = closed(opened(new_message(), via=WHATSAPP), ACCEPTED)
    second = opened(replaced(first, due=NOW), via=Via(channel="email", fallback=True))

    assert sentences(second)[-1] == (
        "Diserahkan kepada penyedia surel (penyerahan ke-2), karena belum ada tanda terima dari saluran lain."
    )


def test_a_wrong_address_is_named_as_the_cause() -> None:
    message = closed(opened(new_message(), via=EMAIL), Answer(AnswerClass.RECIPIENT, "5.1.1"))

    assert sentences(message)[-1] == "Belum diterima: alamat surel tidak dikenal penyedianya."
    assert status_words(message) == "gagal"
    assert "kontak berikutnya" in next_step(message, ZONE)


def test_a_message_that_was_given_up_is_not_called_delivered() -> None:
    message = closed(opened(new_message(), via=WHATSAPP), ACCEPTED)
    expired = given_up(message, message.due + 10**9, SETTLED)
    assert expired is not None

    assert steps(expired)[-1] is Step.EXPIRED
    assert status_words(expired) == "belum terbukti sampai"


@pytest.mark.parametrize("status", MessageStatus)
def test_every_status_has_words_and_a_next_step(status: MessageStatus) -> None:
    message = replaced(new_message(), status=status)

    assert status_words(message)
    assert next_step(message, ZONE).endswith(".")


@pytest.mark.parametrize("answer", AnswerClass)
@pytest.mark.parametrize("code", ["", "no-connection", "131026", "5.7.26", "4.2.2", "999"])
def test_every_class_of_answer_has_a_sentence_and_a_next_step(answer: AnswerClass, code: str) -> None:
    message = closed(opened(new_message(), via=EMAIL), Answer(answer, code))

    assert all(line.sentence.endswith(".") for line in history(message))
    assert next_step(message, ZONE).endswith(".")
    assert reason_of(code, answer)


def test_a_history_names_nobody() -> None:
    text = " ".join(sentences(closed(opened(new_message(), via=EMAIL), Answer(AnswerClass.RECIPIENT, "5.1.1"))))

    assert "@" not in text
    assert "+62" not in text
