"""An agency's duty and the messages about it, in words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.portal.agency.duty import in_words
from services.portal.agency.sent import reason_in_words
from services.portal.model.views.duty import DutyView
from shared.contracts.message import Reason
from shared.contracts.vocabulary import ObligationStatus, ReasonKind

DEADLINE = date(2026, 11, 30)


def duty(status: ObligationStatus = ObligationStatus.OPEN, **more: Any) -> DutyView:  # noqa: ANN401 - fields
    fields: dict[str, Any] = {
        "minimum": 1,
        "deadline": DEADLINE,
        "hour": None,
        "deadline_revision": 1,
        "counted": (),
        "waiting": None,
        "on_time": None,
        "fulfilled_at": None,
        "ground": None,
        "sequence": 1,
    }
    return DutyView(agency="a", region="61.12", year=2026, status=status, **{**fields, **more})


@pytest.mark.parametrize(
    ("today", "countdown", "urgent"),
    [
        (date(2026, 10, 1), "60 hari lagi", False),
        (date(2026, 11, 3), "27 hari lagi", True),
        (date(2026, 11, 30), "Hari terakhir", True),
    ],
)
def test_what_is_left_of_the_time_is_counted(today: date, countdown: str, *, urgent: bool) -> None:
    found = in_words(duty(), today)

    assert (found.countdown, found.urgent, found.deadline) == (countdown, urgent, "30 November 2026")


def test_every_state_has_a_word_that_is_not_that_of_another() -> None:
    today = date(2026, 12, 8)
    states = [
        duty(ObligationStatus.OPEN),
        duty(ObligationStatus.OPEN, waiting="verification"),
        duty(ObligationStatus.OPEN, waiting="registry"),
        duty(ObligationStatus.OVERDUE),
        duty(ObligationStatus.FULFILLED, on_time=True),
        duty(ObligationStatus.FULFILLED, on_time=False, fulfilled_at=datetime(2026, 12, 3, tzinfo=UTC)),
        duty(ObligationStatus.EXEMPTED, ground="decree"),
    ]

    found = [in_words(each, today) for each in states]

    assert len({each.state for each in found}) == len(states)
    assert found[3].countdown == "Lewat 8 hari"
    assert [each.urgent for each in found] == [True, False, False, True, False, False, False]


@pytest.mark.parametrize(
    ("kind", "what", "words"),
    [
        (ReasonKind.DUTY, "before-14", "Pengingat 14 hari sebelum batas waktu (2026)"),
        (ReasonKind.DUTY, "overdue", "Melewati batas waktu (2026)"),
        (ReasonKind.DUTY, "overdue-8", "Melewati batas waktu 8 hari (2026)"),
        (ReasonKind.DUTY, "opened-again", "Kewajiban terbuka kembali (2026)"),
        (ReasonKind.INNOVATION, "returned", "Inovasi dikembalikan"),
        (ReasonKind.INNOVATION, "a-new-one", "a-new-one"),
    ],
)
def test_a_message_says_what_it_was_about(kind: ReasonKind, what: str, words: str) -> None:
    assert reason_in_words(Reason(kind=kind, what=what, region="61.12", year=2026)) == words
