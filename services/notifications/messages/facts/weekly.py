"""Reads the weekly report of a region: one look at its duties, its contacts and its messages of the week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.directory import ContactDirectory
from services.notifications.kinds import OBLIGATION
from services.notifications.known import KnownFacts
from services.notifications.messages.facts.attention import AttentionCounts
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
from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.summary import SUMMARY_FIELDS, ObligationSummary, summary_of_row
from services.notifications.reminders.frame import RegionFrame
from services.notifications.reminders.ladder import Rung, rung_on, rungs
from services.notifications.reminders.prices import cost_of
from services.notifications.reminders.reasons import opened_on
from services.notifications.reminders.who.recipients import can_be_reached
from shared.contracts.message import Alert
from shared.ports.store import ScanRow, Store

FORECAST_DAYS = 7
_TOLD = (ObligationPhase.OPEN, ObligationPhase.OVERDUE)
_FULFILLED_AT = "public.fulfilled_at"
_AT_ONCE = 200


class WeeklyReports:
    """Reads reports. A report costs one pass over the region's duties, in flat queries."""

    def __init__(self, store: Store, known_facts: KnownFacts) -> None:
        self._store = store
        self._known_facts = known_facts
        self._directory = ContactDirectory(store)
        self._finder = MessageFinder(store)
        self._attention = AttentionCounts(store)

    async def details(self, alert: Alert, frame: RegionFrame) -> ReportDetails:
        """The report of the ISO week that the alert names, as of the frame's day. Raises ValueError when it names
        none."""
        week = week_before(_monday(alert.reason.week), frame.zone)
        duties = await self._duties(frame.code)
        people = await self._people([each for each in duties if each.summary.phase in _TOLD])
        since = {**await self._undelivered(frame, week.first), **_unreachable(duties, people, frame)}
        return ReportDetails(
            alert=alert,
            week=alert.reason.week or "",
            first=week.first,
            last=week.last,
            totals=totals(duties, open_years(duties, week)),
            changes=changes(duties, week),
            late=late(duties),
            waiting=waiting(duties, frame.zone),
            untold=untold(duties, since),
            forecast=_forecast(duties, people, frame),
            attention=await self._attention.of(frame, week),
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

    async def _undelivered(self, frame: RegionFrame, first: date) -> dict[tuple[str, int], tuple[date, str]]:
        """(agency, year) → the day and why, of messages since `first` that were given up without a receipt."""
        wanted = MessageFilter(
            region=frame.code, status=MessageStatus.UNDELIVERED, since=first, until=frame.day, zone=frame.zone
        )
        page = await self._finder.page(wanted, limit=_AT_ONCE, after=None)
        return {
            (alert.reason.agency, alert.reason.year): (each.value.as_of, "undelivered")
            for each in page.items
            for alert in each.value.alerts
            if alert.reason.agency and alert.reason.year
        }


def _monday(week: str | None) -> date:
    year, _, number = (week or "").partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def _duty(row: ScanRow) -> Duty:
    at = row[_FULFILLED_AT]
    return Duty(summary_of_row(row), "", datetime.fromisoformat(at) if at else None)


def _unreachable(
    duties: Sequence[Duty], people: Mapping[str, Sequence[Contact]], frame: RegionFrame
) -> dict[tuple[str, int], tuple[date, str]]:
    """(agency, year) → since when and why, of duties with a stage that is due and nobody to tell."""
    found: dict[tuple[str, int], tuple[date, str]] = {}
    for duty in duties:
        summary = duty.summary
        contacts = [each for each in people.get(summary.agency, ()) if not each.erased and each.valid_on(frame.day)]
        rung = rung_on(_ladder(summary, frame), frame.day, summary.phase)
        if rung is not None and not any(can_be_reached(each, frame.day) for each in contacts):
            found[summary.agency, summary.year] = rung.first, _why(contacts)
    return found


def _why(contacts: Sequence[Contact]) -> str:
    """Why none of them can be told; `no-address`: there is only a landline, or a number without consent."""
    if not contacts:
        return "no-contact"
    return "closed" if any(each.closed for each in contacts) else "no-address"


def _forecast(duties: Sequence[Duty], people: Mapping[str, Sequence[Contact]], frame: RegionFrame) -> Forecast:
    """If nobody does anything: who gets a message on which of the coming days, and what that costs."""
    days = {frame.day + timedelta(days=number) for number in range(1, FORECAST_DAYS + 1)}
    messages: dict[tuple[str, date], ChannelName] = {}
    for duty in duties:
        begins = {rung.first for rung in _ladder(duty.summary, frame)} & days
        for day in begins if duty.summary.phase in _TOLD else ():
            readers = _readers(people.get(duty.summary.agency, ()), frame.policy.roles, day)
            messages |= {(address, day): channel for address, channel in readers}
    cost, currency = cost_of((channel, day) for (_, day), channel in messages.items())
    return Forecast(
        days=FORECAST_DAYS,
        messages=len(messages),
        persons=len({address for address, _ in messages}),
        cost=cost,
        currency=currency,
    )


def _readers(people: Sequence[Contact], roles: Sequence[str], day: date) -> set[tuple[str, ChannelName]]:
    """Address and channel of those of the first role that can be reached on that day."""
    for role in roles:
        chosen = [each for each in people if each.role == role and can_be_reached(each, day)]
        if chosen:
            return {(each.address(each.channels(day)[0]).casefold(), each.channels(day)[0]) for each in chosen}
    return set()


def _ladder(duty: ObligationSummary, frame: RegionFrame) -> tuple[Rung, ...]:
    return rungs(frame.policy, duty.deadline, opened_on(duty, frame.zone))
