"""Builds the weekly report of a region: one reading of its duties, streamed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from services.notifications.kinds import OBLIGATION
from services.notifications.known import KnownFacts
from services.notifications.messages.texts.details import AgencyLine, ReportDetails
from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.summary import SUMMARY_FIELDS, summary_of_row
from services.notifications.reminders.due import DueList
from services.notifications.reminders.frame import RegionFrame
from services.notifications.reminders.reminder import Unreachable
from services.notifications.reminders.report.content import MOST_LINES, ReportContent, Week
from services.notifications.reminders.report.forecast import Forecasting, stages_to_come
from services.notifications.reminders.who.evaluation import Evaluator, parts
from shared.clock import machine_seconds
from shared.contracts.message import Alert
from shared.ports.store import OneOf, ScanRow, Store

KEPT_FOR = 300.0  # seconds: all readers of a region get the same report
_FULFILLED_AT = "public.fulfilled_at"


class ReportBuilder:
    """Reads one store; keeps the newest report of each region for a few minutes."""

    def __init__(self, store: Store, known_facts: KnownFacts, evaluator: Evaluator, due_list: DueList) -> None:
        self._store = store
        self._known_facts = known_facts
        self._evaluator = evaluator
        self._due_list = due_list
        self._kept: dict[str, tuple[float, date, ReportDetails | None]] = {}

    async def details(self, alert: Alert, frame: RegionFrame) -> ReportDetails:
        """The report that the alert (of kind `report`) is about, as of the frame's day. Raises ValueError when the
        alert names no week."""
        week = str(alert.reason.week)
        at, day, kept = self._kept.get(frame.code, (0.0, frame.day, None))
        if kept is None or (kept.week, day) != (week, frame.day) or machine_seconds() - at > KEPT_FOR:
            kept = await self._read(frame, alert, Week.of(week))
            self._kept[frame.code] = (machine_seconds(), frame.day, kept)
        return replace(kept, alert=alert)

    async def _read(self, frame: RegionFrame, alert: Alert, week: Week) -> ReportDetails:
        names = {each.value.id: each.value.name async for each in self._known_facts.agencies(frame.code)}
        content, forecasting = ReportContent(week, frame.zone, names), Forecasting(frame.policy)
        coming: dict[str, list[tuple[date, str]]] = {}
        where = {"region": frame.code, "year": OneOf([frame.day.year, frame.day.year - 1])}
        async for row in self._store.scan(OBLIGATION.name, where, (*SUMMARY_FIELDS, _FULFILLED_AT)):
            if row["stands"] == ObligationPhase.UNKNOWN.value:
                continue
            duty = summary_of_row(row)
            content.add(duty, _fulfilled_at(row))
            stages = stages_to_come(duty, frame.policy, frame.zone, frame.day)
            if stages:
                coming.setdefault(duty.agency, []).extend(stages)
        for part in parts(coming):
            for agency, people in (await self._evaluator.people(part)).items():
                forecasting.add(coming[agency], people)
        return ReportDetails(
            alert=alert,
            week=week.label,
            first=week.told_from,
            last=week.told_to,
            totals=content.totals,
            changes=content.sorted(content.changes),
            late=content.sorted(content.late),
            waiting=content.sorted(content.waiting),
            untold=content.sorted(await self._untold(frame, names)),
            forecast=forecasting.forecast(),
        )

    async def _untold(self, frame: RegionFrame, names: Mapping[str, str]) -> list[AgencyLine]:
        lines: list[AgencyLine] = []
        async for entry in self._due_list.entries(region=frame.code):
            if isinstance(entry, Unreachable) and len(lines) < MOST_LINES:
                name = names.get(entry.agency, entry.agency)
                lines += [AgencyLine(name, year, None, entry.why) for year in entry.years]
        return lines


def _fulfilled_at(row: ScanRow) -> datetime | None:
    at = row[_FULFILLED_AT]
    return datetime.fromisoformat(at) if at else None
