"""Finds the agencies of a region that must be evaluated when everything is looked at: one of their reasons may be due,
or something is still to be noted. Reads a few fields of each document; the others would be evaluated to nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from services.notifications.contacts.role import ContactRole
from services.notifications.kinds import CONTACT, ENTRY, OBLIGATION
from services.notifications.known import KnownFacts
from services.notifications.obligations.deadlines import obligation_years
from services.notifications.obligations.document import look_on
from services.notifications.obligations.summary import DUE_FIELDS, ObligationSummary, summary_of_due_row
from services.notifications.questions.ideas import IdeaRepository
from services.notifications.questions.known import QuestionRepository
from services.notifications.reminders.asked.requests import ReminderRequests
from services.notifications.reminders.frame import RegionFrame
from services.notifications.reminders.reasons import NEWS_FOR, duty_reasons, next_day, projected
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import OneOf, Store

AT_ONCE = 200  # agencies

TOLD_OF = (InnovationStatus.RETURNED, InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED)

_DUTY = tuple(path for path in DUE_FIELDS if path != "agency")
_ENTRY = ("agency", "region", "status", "status_since", "turn", "tell")
_CONTACT = (
    *("agencies", "email", "email_confirmed", "email_record.ask", "phone", "phone_confirmed", "phone_record.ask"),
    "to_confirm",  # of contacts in the form of schema 4
)
_ZONES = timedelta(days=1)  # that a local day may differ from the one in UTC


class Candidates:
    """Finds them in one store. May find too many, never too few."""

    def __init__(self, store: Store, known_facts: KnownFacts) -> None:
        self._store = store
        self._known_facts = known_facts
        self._dated = (QuestionRepository(store), IdeaRepository(store))
        self._requests = ReminderRequests(store)

    async def of_region(self, frame: RegionFrame) -> AsyncIterator[list[str]]:
        """The ids, at most AT_ONCE at a time. Holds those of one region in memory."""
        named = await self._by_duty(frame) | await self._by_contact(frame.code)
        for each in self._dated:
            named |= await each.agencies_open_on(frame.code, frame.day)
        named |= {agency for agency, _ in await self._requests.open_on(frame.code, frame.day)}
        found: list[str] = []
        async for agencies in self._known_facts.agency_sequences(frame.code):
            told = await self._by_entry(frame, agencies)
            found += [id for id in agencies if id in told or id in named]
            while len(found) >= AT_ONCE:
                yield found[:AT_ONCE]
                found = found[AT_ONCE:]
        if found:
            yield found

    async def _by_duty(self, frame: RegionFrame) -> set[str]:
        """Agencies with a duty of which a reason is due, or of which the next day is not noted."""
        found: set[str] = set()
        judged: dict[tuple[Any, ...], bool] = {}  # most duties of a region differ in their agency only
        for year in obligation_years(frame.region):
            where = {"region": frame.code, "year": year}
            async for row in self._store.scan(OBLIGATION.name, where, DUE_FIELDS):
                key = tuple([row[path] for path in _DUTY])
                if key not in judged:
                    judged[key] = _concerns(row, frame)
                if judged[key]:
                    found.add(row["agency"])
        return found

    async def _by_contact(self, region: str) -> set[str]:
        """Agencies of persons who may have to confirm an address."""
        found: set[str] = set()
        for role in ContactRole:
            if role.of_agencies:
                where = {"region": region, "erased": 0, "role": role.value}  # one index, in the order of ids
                async for row in self._store.scan(CONTACT.name, where, _CONTACT):
                    if _may_confirm(row):
                        found.update(row["agencies"])
        return found

    async def _by_entry(self, frame: RegionFrame, agencies: Iterable[str]) -> set[str]:
        """Agencies with an innovation that was returned, or of which there is news, or something to note."""
        statuses = OneOf([each.value for each in TOLD_OF])
        where = {"agency": OneOf(sorted(agencies)), "here": 1, "status": statuses}
        since = frame.day - timedelta(days=NEWS_FOR) - _ZONES
        rows = self._store.scan(ENTRY.name, where, _ENTRY)
        return {row["agency"] async for row in rows if row["region"] == frame.code and _is_news(row, since)}


def _concerns(row: Mapping[str, Any], frame: RegionFrame) -> bool:
    duty = summary_of_due_row(row)
    return duty is not None and (_next_look(duty, frame) != row["look"] or _is_due(duty, frame))


def _next_look(duty: ObligationSummary, frame: RegionFrame) -> str:
    return look_on(next_day(_seen(duty, frame), frame.policy, frame.zone, frame.day))


def _is_due(duty: ObligationSummary, frame: RegionFrame) -> bool:
    return bool(duty_reasons(_seen(duty, frame), frame.policy, frame.zone, frame.day))


def _seen(duty: ObligationSummary, frame: RegionFrame) -> ObligationSummary:
    return projected(duty, frame.day) if frame.dry else duty


def _may_confirm(row: Mapping[str, Any]) -> bool:
    return any(
        row[channel] and not row[f"{channel}_confirmed"] and (row["to_confirm"] or row[f"{channel}_record.ask"])
        for channel in ("email", "phone")
    )


def _is_news(row: Mapping[str, Any], since: date) -> bool:
    if row["tell"]:
        return True
    if not row["turn"] or row["status_since"] is None:
        return False
    is_new = date.fromisoformat(row["status_since"][:10]) >= since
    return is_new or row["status"] == InnovationStatus.RETURNED.value
