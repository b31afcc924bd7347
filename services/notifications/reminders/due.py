"""Lists who must be reminded of what on a given day. Reads one region at a time and writes nothing.

The same list for another day is a dry run.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

from services.notifications.contacts.recipient import RECIPIENT_FIELDS, Recipient
from services.notifications.kinds import CONTACT, OBLIGATION
from services.notifications.known import KnownFacts, KnownRegion
from services.notifications.messages.alert import LEAD, ReminderStage, alert_for, is_current, stage_at
from services.notifications.messages.repositories import alert_log_repository
from services.notifications.obligations.deadlines import local_date
from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.summary import SUMMARY_FIELDS, ObligationSummary, summary_of_row
from services.notifications.reminders.after_restore import active_hold
from services.notifications.reminders.restore_hold import RestoreHold
from shared.clock import Clock
from shared.contracts.message import Alert
from shared.ports.store import OneOf, Range, Store

Reason = tuple[ObligationSummary, ReminderStage]


@dataclass(frozen=True)
class Reminder:
    """One person with the alerts that are due and not in the alert log. held: those that a restore holds back; name,
    email: for the person, and masked for the operator."""

    person: str
    region: str
    as_of: date
    name: str
    email: str
    alerts: tuple[Alert, ...] = ()
    held: tuple[Alert, ...] = ()


@dataclass(frozen=True)
class Unreachable:
    """An agency with an unfulfilled obligation on that day and without a reachable contact."""

    agency: str
    region: str
    years: tuple[int, ...]


class DueList:
    """Lists the reminders that are due in one store."""

    def __init__(self, store: Store, known_facts: KnownFacts, clock: Clock) -> None:
        self._store = store
        self._known_facts = known_facts
        self._clock = clock
        self._alert_logs = alert_log_repository(store)

    async def entries(
        self, as_of: date | None = None, *, future: bool = False
    ) -> AsyncIterator[Reminder | Unreachable]:
        """as_of: a local day for all regions, instead of each region's own; future: also list what is not true yet
        today (for a dry run, or the log channel)."""
        hold = await active_hold(self._store)
        async for known in self._known_facts.regions():
            today = local_date(self._clock.now(), known.value.zone)
            day = as_of or today
            due = await self._due(known.value.code, day)
            if not future:
                due = {id: _still_due(reasons, max(day, today) if as_of else day) for id, reasons in due.items()}
            async for each in self._for_region(
                known, day, {id: reasons for id, reasons in due.items() if reasons}, hold
            ):
                yield each

    async def _due(self, region: str, day: date) -> dict[str, list[Reason]]:
        """Agency → what its contacts must be reminded of."""
        where = {
            "region": region,
            "stands": OneOf((ObligationPhase.OPEN.value, ObligationPhase.OVERDUE.value)),
            "deadline": Range(most=(day + LEAD).isoformat()),
        }
        due: dict[str, list[Reason]] = {}
        async for row in self._store.scan(OBLIGATION.name, where, SUMMARY_FIELDS):
            obligation = summary_of_row(row)
            stage = stage_at(obligation, day)
            if stage:
                due.setdefault(obligation.agency, []).append((obligation, stage))
        return due

    async def _for_region(
        self, known: KnownRegion, day: date, due: dict[str, list[Reason]], hold: RestoreHold | None
    ) -> AsyncIterator[Reminder | Unreachable]:
        if not due:
            return
        code = known.value.code
        reachable: set[str] = set()
        covered: set[tuple[str, str]] = set()
        async for row in self._store.scan(CONTACT.name, {"region": code, "erased": 0}, RECIPIENT_FIELDS):
            recipient = Recipient.of(row)
            # two contacts created at the same time may share an address: only the first is reminded of an agency
            pairs = [(recipient.email.casefold(), agency) for agency in recipient.agencies]
            reasons = [reason for pair in pairs if pair not in covered for reason in due.get(pair[1], ())]
            if not recipient.reachable or not reasons:
                continue
            covered.update(pairs)
            reachable.update(recipient.agencies)
            reminder = await self._reminder(known, recipient, day, reasons, hold)
            if reminder.alerts or reminder.held:
                yield reminder
        for agency in sorted(due.keys() - reachable):
            yield Unreachable(agency, code, tuple(sorted({obligation.year for obligation, _ in due[agency]})))

    async def _reminder(
        self, known: KnownRegion, recipient: Recipient, day: date, reasons: list[Reason], hold: RestoreHold | None
    ) -> Reminder:
        log = await self._alert_logs.find(recipient.person)
        new: list[Alert] = []
        held: list[Alert] = []
        for obligation, stage in reasons:
            alert = alert_for(recipient.person, obligation, stage)
            if log is None or log.value.missing([alert]):
                covers = hold is not None and hold.covers(obligation, stage, known.value.zone)
                (held if covers else new).append(alert)
        return Reminder(
            person=recipient.person,
            region=known.value.code,
            as_of=day,
            name=recipient.name,
            email=recipient.email,
            alerts=tuple(new),
            held=tuple(held),
        )


def _still_due(reasons: list[Reason], today: date) -> list[Reason]:
    """Those that are also true today."""
    return [
        (obligation, stage)
        for obligation, stage in reasons
        if is_current(alert_for("", obligation, stage), obligation, today)
    ]
