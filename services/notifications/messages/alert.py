"""An alert: one reason to tell one person, and when it is due."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from services.notifications.keys import alert_key
from services.notifications.obligations.obligation import Stands
from services.notifications.obligations.owing import Owing
from shared.contracts.message import Alert

LEAD = timedelta(days=30)  # `before-30` begins this long before the deadline


class ReminderStage(StrEnum):
    """Why somebody is told, in the order in which the reasons come."""

    BEFORE_30 = "before-30"
    OVERDUE = "overdue"


def stage_at(owing: Owing, today: date) -> ReminderStage | None:
    """The most advanced stage that is due on the local day `today`; None: nobody is to be told. A duty that waits for
    the curator is nobody's to be reminded of."""
    if owing.stands not in (Stands.OPEN, Stands.OVERDUE):
        return None
    if today > owing.deadline:
        return ReminderStage.OVERDUE
    return ReminderStage.BEFORE_30 if today >= owing.deadline - LEAD else None


def due_since(stage: ReminderStage, deadline: date) -> date:
    """The first local day on which the stage is due."""
    return deadline - LEAD if stage is ReminderStage.BEFORE_30 else deadline + timedelta(days=1)


def alert_for(person: str, owing: Owing, stage: ReminderStage) -> Alert:
    """The alert that tells `person` of `owing`."""
    return Alert(
        id=alert_key(person, owing.agency, owing.year, owing.deadline_revision, stage.value),
        agency=owing.agency,
        year=owing.year,
        deadline_revision=owing.deadline_revision,
        stage=stage.value,
    )


def holds(alert: Alert, owing: Owing | None, today: date) -> bool:
    """Whether the alert is still true: the same deadline in force, and its stage the one that is due."""
    if owing is None or owing.deadline_revision != alert.deadline_revision:
        return False
    return stage_at(owing, today) == alert.stage
