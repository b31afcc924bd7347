"""An alert: one reason to notify one person, and the days on which it is due."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from services.notifications.keys import alert_key
from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.summary import ObligationSummary
from shared.contracts.message import Alert, Reason
from shared.contracts.vocabulary import ReasonKind

LEAD = timedelta(days=30)  # `before-30` begins this long before the deadline


class ReminderStage(StrEnum):
    """The reasons for a reminder, in the order in which they become due."""

    BEFORE_30 = "before-30"
    OVERDUE = "overdue"


def stage_at(obligation: ObligationSummary, today: date) -> ReminderStage | None:
    """The latest stage that is due on the local day `today`; None when no reminder is due. An obligation that waits for
    the curator needs no reminder: the agency has nothing left to do."""
    if obligation.phase not in (ObligationPhase.OPEN, ObligationPhase.OVERDUE):
        return None
    if today > obligation.deadline:
        return ReminderStage.OVERDUE
    return ReminderStage.BEFORE_30 if today >= obligation.deadline - LEAD else None


def first_day_of(stage: ReminderStage, deadline: date) -> date:
    """The first local day on which the stage is due."""
    return deadline - LEAD if stage is ReminderStage.BEFORE_30 else deadline + timedelta(days=1)


def alert_for(person: str, obligation: ObligationSummary, stage: ReminderStage) -> Alert:
    """The alert that reminds `person` of `obligation`."""
    reason = Reason(
        kind=ReasonKind.DUTY,
        what=stage.value,
        region=obligation.region,
        agency=obligation.agency,
        year=obligation.year,
        deadline_revision=obligation.deadline_revision,
    )
    return Alert(id=alert_key(reason, person, 1), reason=reason)


def is_current(alert: Alert, obligation: ObligationSummary | None, today: date) -> bool:
    """Whether the alert is still true: the same deadline is in force, and its stage is the one that is due."""
    if obligation is None or obligation.deadline_revision != alert.reason.deadline_revision:
        return False
    return stage_at(obligation, today) == alert.reason.what
