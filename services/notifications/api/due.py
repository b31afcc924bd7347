"""The `/due` route: exactly what would go to whom on a day, why, by which channel and when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self

from fastapi import Query
from pydantic import BaseModel, Field

from services.notifications.reminders.due import DueList
from services.notifications.reminders.mode import AlertingMode, Mode
from services.notifications.reminders.reasons import DueReason
from services.notifications.reminders.reminder import Deferral, Reminder, Unreachable
from shared.auth.policy import Role
from shared.contracts.fields import RegionCode
from shared.contracts.message import Alert, Reason
from shared.web.routes import Routes, Who, get

RegionQuery = Annotated[RegionCode, Query(description="The region.", examples=["61.12"])]
AsOf = Annotated[date | None, Query(description="The region's local day; today by default. Any other is a dry run.")]
IfLive = Annotated[bool, Query(description="As if the mode were live.")]
Most = Annotated[int, Query(ge=1, le=1_000, description="How many entries are listed; the totals count all.")]


class DueAlert(BaseModel):
    """first, last: the local days on which it is due, null: while the fact lasts; held: by a restore."""

    alert: Alert
    first: date
    last: date | None
    held: bool


class DueEntry(BaseModel):
    """One person, masked. channel: the first that is tried; deferred_by: why nothing goes out now (`log`, `allow-list`,
    `stopped`, `held`, `quiet`, `person-cap`, `region-cap`), null: nothing does; not_before: the first moment at which
    it goes out, null: that is not known."""

    person: str
    name: str | None
    address: str | None
    channel: str
    alerts: list[DueAlert]
    deferred_by: Deferral | None
    not_before: datetime | None

    @classmethod
    def of(cls, reminder: Reminder) -> Self:
        """From the due list."""
        masked = reminder.contact.masked()
        spans = {each.reason: each for each in reminder.reasons}
        alerts = [(each, False) for each in reminder.alerts] + [(each, True) for each in reminder.held]
        return cls(
            person=reminder.person,
            name=masked["name"],
            address=masked["email" if reminder.channel == "email" else "phone"],
            channel=reminder.channel,
            alerts=[_due(alert, spans[alert.reason], held=held) for alert, held in alerts],
            deferred_by=reminder.deferred_by,
            not_before=reminder.not_before,
        )


class UntoldAgency(BaseModel):
    """An agency with something to tell, and nobody who can be told. reasons: what."""

    agency: str
    reasons: list[Reason]


class DueAnswer(BaseModel):
    """The due list of one region and day. persons, alerts, agencies: how many there are of each, listed or not."""

    region: str
    as_of: date | None = Field(description="As requested; null: today.")
    persons: int
    alerts: int
    agencies: int
    items: list[DueEntry]
    untold: list[UntoldAgency]


class DueRoutes(Routes):
    """Computed when asked; writes nothing."""

    tag = "due"

    def __init__(self, due_list: DueList) -> None:
        self._due_list = due_list

    @get("/due", Role.CURATOR, Role.OPERATOR)
    async def list_due(
        self, *, who: Who, region: RegionQuery, as_of: AsOf = None, live: IfLive = False, limit: Most = 200
    ) -> DueAnswer:
        """List who is to be told what on a day, why, by which channel and when. A past or future day is a dry run."""
        who.require_region(region)
        found = DueAnswer(region=region, as_of=as_of, persons=0, alerts=0, agencies=0, items=[], untold=[])
        mode = AlertingMode(mode=Mode.LIVE) if live else None
        async for entry in self._due_list.entries(as_of, region=region, mode=mode):
            if isinstance(entry, Unreachable):
                found.agencies += 1
                if len(found.untold) < limit:
                    found.untold.append(UntoldAgency(agency=entry.agency, reasons=[r.reason for r in entry.reasons]))
                continue
            found.persons += 1
            found.alerts += len(entry.alerts)
            if len(found.items) < limit:
                found.items.append(DueEntry.of(entry))
        return found


def _due(alert: Alert, span: DueReason, *, held: bool) -> DueAlert:
    return DueAlert(alert=alert, first=span.first, last=span.last, held=held)
