"""Reads the weekly report of a region: one look at its duties, its contacts and its messages of the week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.directory import ContactDirectory
from services.notifications.kinds import OBLIGATION
from services.notifications.known import KnownFacts
from services.notifications.messages.facts.weekly_lines import (
    Duty,
    changes,
    late,
    open_years,
    totals,
    untold,
    waiting,
    week_before,
)
from services.notifications.messages.finding import MessageFilter, MessageFinder
from services.notifications.messages.message import MessageStatus
from services.notifications.messages.texts.details import Forecast, ReportDetails
from services.notifications.obligations.deadlines import local_date
from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.summary import SUMMARY_FIELDS, summary_of_row
from services.notifications.reminders.ladder import Rung, rung_on, rungs
from services.notifications.reminders.policy.alert_policy import AlertPolicy
from services.notifications.reminders.quiet_times import QuietTimes
from shared.contracts.message import Alert
from shared.contracts.region import RegionRegistered
from shared.ports.store import ScanRow, Store

FORECAST_DAYS = 7
_TOLD = (ObligationPhase.OPEN, ObligationPhase.OVERDUE)
_FULFILLED_AT = "public.fulfilled_at"
_AT_ONCE = 200


class WeeklyReports:
    """Reads reports. A report costs one pass over the region's duties, in flat queries."""

    def __init__(self, store: Store, known_facts: KnownFacts, quiet_times: QuietTimes) -> None:
        self._store = store
        self._known_facts = known_facts
        self._quiet_times = quiet_times
        self._directory = ContactDirectory(store)
        self._finder = MessageFinder(store)

    async def read(self, alert: Alert, region: RegionRegistered, today: date) -> ReportDetails | None:
        """The report of the alert's ISO week as of the local day `today`; None for an alert that names no week."""
        if alert.reason.week is None:
            return None
        year, _, number = alert.reason.week.partition("-W")
        monday = date.fromisocalendar(int(year), int(number), 1)
        week = week_before(monday, region.zone)
        policy = (await self._quiet_times.policies(region.code)).in_force(today)
        duties = await self._duties(region.code)
        people = await self._people([each for each in duties if each.summary.phase in _TOLD])
        since = {
            **await self._undelivered(region, week.first, today),
            **_unreachable(duties, people, policy, region, today),
        }
        return ReportDetails(
            alert=alert,
            week=alert.reason.week,
            first=week.first,
            last=week.last,
            totals=totals(duties, open_years(duties, week)),
            changes=changes(duties, week),
            late=late(duties),
            waiting=waiting(duties, region.zone),
            untold=untold(duties, since),
            forecast=_forecast(duties, people, policy, region, today),
        )

    async def _duties(self, region: str) -> list[Duty]:
        rows = self._store.scan(OBLIGATION.name, {"region": region}, (*SUMMARY_FIELDS, _FULFILLED_AT))
        found = [_duty(row) async for row in rows if row["stands"] != ObligationPhase.UNKNOWN]
        ids = sorted({each.summary.agency for each in found})
        names: dict[str, str] = {}
        for start in range(0, len(ids), _AT_ONCE):
            names |= await self._known_facts.names(ids[start : start + _AT_ONCE])
        return [replace(each, agency=names.get(each.summary.agency, each.summary.agency)) for each in found]

    async def _people(self, duties: Sequence[Duty]) -> dict[str, list[Contact]]:
        found = await self._directory.of_agencies({each.summary.agency for each in duties})
        return {agency: [each.value for each in contacts] for agency, contacts in found.items()}

    async def _undelivered(
        self, region: RegionRegistered, first: date, today: date
    ) -> dict[tuple[str, int], tuple[date, str]]:
        """(agency, year) → the day and why, of messages of the week that were given up without a receipt."""
        wanted = MessageFilter(
            region=region.code, status=MessageStatus.UNDELIVERED, since=first, until=today, zone=region.zone
        )
        page = await self._finder.page(wanted, limit=_AT_ONCE, after=None)
        return {
            (alert.reason.agency, alert.reason.year): (each.value.as_of, "undelivered")
            for each in page.items
            for alert in each.value.alerts
            if alert.reason.agency and alert.reason.year
        }


def _duty(row: ScanRow) -> Duty:
    at = row[_FULFILLED_AT]
    return Duty(summary_of_row(row), "", datetime.fromisoformat(at) if at else None)


def _unreachable(
    duties: Sequence[Duty],
    people: dict[str, list[Contact]],
    policy: AlertPolicy,
    region: RegionRegistered,
    today: date,
) -> dict[tuple[str, int], tuple[date, str]]:
    """(agency, year) → since when and why, of duties with a stage that is due and nobody to tell."""
    found: dict[tuple[str, int], tuple[date, str]] = {}
    for duty in duties:
        summary = duty.summary
        if summary.phase not in _TOLD:
            continue
        contacts = [each for each in people.get(summary.agency, ()) if not each.erased and each.valid_on(today)]
        rung = rung_on(_ladder(duty, policy, region), today, summary.phase)
        if rung is not None and not any(each.channels(today) for each in contacts):
            found[summary.agency, summary.year] = rung.first, "closed" if contacts else "no-contact"
    return found


def _forecast(
    duties: Sequence[Duty],
    people: dict[str, list[Contact]],
    policy: AlertPolicy,
    region: RegionRegistered,
    today: date,
) -> Forecast:
    """If nobody does anything: who gets a message on which of the coming days. What a provider charges is not known
    without a price list; e-mail costs nothing."""
    days = {today + timedelta(days=number) for number in range(1, FORECAST_DAYS + 1)}
    messages: set[tuple[str, date]] = set()
    charged = False
    for duty in duties:
        begins = {rung.first for rung in _ladder(duty, policy, region)} & days
        if duty.summary.phase not in _TOLD or not begins:
            continue
        for role in policy.roles:
            readers = [each for each in people.get(duty.summary.agency, ()) if each.role == role and not each.erased]
            reached = [(each, day) for each in readers for day in begins if each.channels(day)]
            messages |= {(each.address(each.channels(day)[0]).casefold(), day) for each, day in reached}
            charged |= any(each.channels(day)[0] is ChannelName.WHATSAPP for each, day in reached)
            if reached:
                break
    return Forecast(
        days=FORECAST_DAYS,
        messages=len(messages),
        persons=len({person for person, _ in messages}),
        cost=None if charged else Decimal(0),
    )


def _ladder(duty: Duty, policy: AlertPolicy, region: RegionRegistered) -> tuple[Rung, ...]:
    opened = duty.summary.spell_since if duty.summary.spell else None
    return rungs(policy, duty.summary.deadline, local_date(opened, region.zone) if opened else None)
