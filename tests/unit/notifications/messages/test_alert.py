from __future__ import annotations

from datetime import date

import pytest

from services.notifications.keys import mail_key
from services.notifications.messages.alert import ReminderStage, alert_for, due_since, holds, stage_at
from services.notifications.obligations.obligation import Stands
from services.notifications.obligations.owing import Owing

DEADLINE = date(2026, 12, 31)


def owing(stands: Stands = Stands.OPEN, revision: int = 1) -> Owing:
    return Owing(agency="a", year=2026, stands=stands, deadline=DEADLINE, deadline_revision=revision)


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
    assert stage_at(owing(), today) == stage


@pytest.mark.parametrize("stands", [Stands.WAITING, Stands.FULFILLED, Stands.EXEMPTED, Stands.UNKNOWN])
def test_nobody_is_told_of_what_is_not_theirs_to_do(stands: Stands) -> None:
    assert stage_at(owing(stands), date(2027, 1, 1)) is None


def test_an_alert_is_the_same_by_its_reason_and_person_alone() -> None:
    one = alert_for("p", owing(), ReminderStage.OVERDUE)
    assert one == alert_for("p", owing(Stands.OVERDUE), ReminderStage.OVERDUE)
    others = [
        alert_for("q", owing(), ReminderStage.OVERDUE),
        alert_for("p", owing(revision=2), ReminderStage.OVERDUE),
        alert_for("p", owing(), ReminderStage.BEFORE_30),
    ]
    assert len({one.id, *(other.id for other in others)}) == 4


def test_ids_never_change_because_posts_and_mailboxes_hold_them() -> None:
    assert alert_for("p", owing(), ReminderStage.OVERDUE).id == "f4a4cd58-5f3e-555c-b884-8b5e2357d452"
    assert mail_key("p", 1, 1_700_000_000_000) == "fbe8ed28-6daf-5638-8b82-70e7807c85dc"


def test_an_alert_holds_while_its_stage_is_the_due_one_under_the_same_deadline() -> None:
    alert = alert_for("p", owing(), ReminderStage.BEFORE_30)
    assert holds(alert, owing(), date(2026, 12, 1))
    assert not holds(alert, owing(), date(2027, 1, 1))
    assert not holds(alert, owing(revision=2), date(2026, 12, 1))
    assert not holds(alert, owing(Stands.FULFILLED), date(2026, 12, 1))
    assert not holds(alert, None, date(2026, 12, 1))


def test_a_stage_is_due_from_its_first_day() -> None:
    for stage in ReminderStage:
        assert stage_at(owing(), due_since(stage, DEADLINE)) is stage
