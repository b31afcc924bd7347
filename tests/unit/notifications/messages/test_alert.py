from __future__ import annotations

from datetime import date

import pytest

from services.notifications.keys import mail_key
from services.notifications.messages.alert import ReminderStage, alert_for, first_day_of, is_current, stage_at
from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.summary import ObligationSummary

DEADLINE = date(2026, 12, 31)


def obligation(phase: ObligationPhase = ObligationPhase.OPEN, revision: int = 1) -> ObligationSummary:
    return ObligationSummary(
        region="61.12", agency="a", year=2026, phase=phase, deadline=DEADLINE, deadline_revision=revision
    )


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (date(2026, 11, 30), None),
        (date(2026, 12, 1), ReminderStage.BEFORE_30),
        (date(2026, 12, 31), ReminderStage.BEFORE_30),
        (date(2027, 1, 1), ReminderStage.OVERDUE),
        (date(2029, 1, 1), ReminderStage.OVERDUE),
    ],
)
def test_only_the_most_advanced_stage_is_due(today: date, stage: ReminderStage | None) -> None:
    assert stage_at(obligation(), today) == stage


@pytest.mark.parametrize(
    "phase", [ObligationPhase.WAITING, ObligationPhase.FULFILLED, ObligationPhase.EXEMPTED, ObligationPhase.UNKNOWN]
)
def test_no_reminder_is_due_when_the_agency_has_nothing_left_to_do(phase: ObligationPhase) -> None:
    assert stage_at(obligation(phase), date(2027, 1, 1)) is None


def test_an_alert_is_the_same_by_its_reason_and_person_alone() -> None:
    one = alert_for("p", obligation(), ReminderStage.OVERDUE)
    assert one == alert_for("p", obligation(ObligationPhase.OVERDUE), ReminderStage.OVERDUE)
    others = [
        alert_for("q", obligation(), ReminderStage.OVERDUE),
        alert_for("p", obligation(revision=2), ReminderStage.OVERDUE),
        alert_for("p", obligation(), ReminderStage.BEFORE_30),
    ]
    assert len({one.id, *(other.id for other in others)}) == 4


def test_ids_never_change_because_alert_logs_and_mailboxes_contain_them() -> None:
    assert alert_for("p", obligation(), ReminderStage.OVERDUE).id == "f4a4cd58-5f3e-555c-b884-8b5e2357d452"
    assert mail_key("p", 1, 1_700_000_000_000) == "fbe8ed28-6daf-5638-8b82-70e7807c85dc"


def test_an_alert_is_current_while_its_stage_is_due_under_the_same_deadline() -> None:
    alert = alert_for("p", obligation(), ReminderStage.BEFORE_30)
    assert is_current(alert, obligation(), date(2026, 12, 1))
    assert not is_current(alert, obligation(), date(2027, 1, 1))
    assert not is_current(alert, obligation(revision=2), date(2026, 12, 1))
    assert not is_current(alert, obligation(ObligationPhase.FULFILLED), date(2026, 12, 1))
    assert not is_current(alert, None, date(2026, 12, 1))


def test_a_stage_is_due_from_its_first_day() -> None:
    for stage in ReminderStage:
        assert stage_at(obligation(), first_day_of(stage, DEADLINE)) is stage
