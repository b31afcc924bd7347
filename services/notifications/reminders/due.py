"""The question "who owes something as of this day, and whom do we tell?", asked again and again.

The same question with another day is a dry run. It reads one region at a time and nothing is written.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date

from services.notifications.kinds import CONTACT, OBLIGATION, POST
from services.notifications.known import KnownFacts, KnownRegion
from services.notifications.messages import alert_log as posts
from services.notifications.messages.alert import LEAD, ReminderStage, alert_for, holds, stage_at
from services.notifications.obligations.deadlines import local_date
from services.notifications.obligations.obligation import Stands
from services.notifications.obligations.owing import Owing, owing_of
from services.notifications.reminders import restore_hold as holding
from shared.clock import Clock
from shared.contracts.message import Alert
from shared.ports.store import OneOf, Range, Store

_OWING_FIELDS = ("agency", "year", "stands", "deadline", "public.deadline_revision")
_CONTACT_FIELDS = ("agencies", "reachable", "name", "email")


@dataclass(frozen=True)
class Due:
    """One person with the alerts that are due and that their post lacks. held: those that a restore holds back; name
    and email: for the person's own eyes and, masked, for the operator's."""

    person: str
    region: str
    as_of: date
    name: str
    email: str
    alerts: tuple[Alert, ...] = ()
    held: tuple[Alert, ...] = field(default=())


@dataclass(frozen=True)
class Unreachable:
    """An agency that owes something on that day and has nobody who can be told."""

    agency: str
    region: str
    years: tuple[int, ...]


class DueList:
    """Asks one store."""

    def __init__(self, store: Store, known_facts: KnownFacts, clock: Clock) -> None:
        self._store = store
        self._known_facts = known_facts
        self._clock = clock

    async def ask(self, as_of: date | None = None, *, future: bool = False) -> AsyncIterator[Due | Unreachable]:
        """as_of: the local day everywhere, instead of each region's own. future: also what is not true yet today (a dry
        run, or the log channel)."""
        hold = await holding.active(self._store)
        async for known in self._known_facts.regions():
            today = local_date(self._clock.now(), known.region.zone)
            day = as_of or today
            owing = await self._owing(known.region.code, day)
            if not future:
                owing = {agency: _still(due, max(day, today) if as_of else day) for agency, due in owing.items()}
            async for answer in self._tell(known, day, {id: due for id, due in owing.items() if due}, hold):
                yield answer

    async def _owing(self, region: str, day: date) -> dict[str, list[tuple[Owing, ReminderStage]]]:
        where = {
            "region": region,
            "stands": OneOf((Stands.OPEN.value, Stands.OVERDUE.value)),
            "deadline": Range(most=(day + LEAD).isoformat()),
        }
        due: dict[str, list[tuple[Owing, ReminderStage]]] = {}
        async for row in self._store.scan(OBLIGATION.name, where, _OWING_FIELDS):
            owing = owing_of(row)
            stage = stage_at(owing, day)
            if stage:
                due.setdefault(owing.agency, []).append((owing, stage))
        return due

    async def _tell(
        self,
        known: KnownRegion,
        day: date,
        owing: dict[str, list[tuple[Owing, ReminderStage]]],
        hold: holding.Hold | None,
    ) -> AsyncIterator[Due | Unreachable]:
        if not owing:
            return
        code, zone = known.region.code, known.region.zone
        reached: set[str] = set()
        told: set[tuple[str, str]] = set()
        async for contact in self._store.scan(CONTACT.name, {"region": code, "erased": 0}, _CONTACT_FIELDS):
            # two contacts kept at the same moment may share an address: it is told of an agency once, by the first
            to = [(contact["email"].casefold(), agency) for agency in contact["agencies"]]
            mine = [each for address in to if address not in told for each in owing.get(address[1], ())]
            if not contact["reachable"] or not mine:
                continue
            told.update(to)
            reached.update(contact["agencies"])
            person = contact.id
            post = await self._store.get(POST.name, person)
            lacking = {
                alert.id
                for alert in posts.lacking(
                    post.state if post else None, [alert_for(person, each, stage) for each, stage in mine]
                )
            }
            fresh: list[Alert] = []
            held: list[Alert] = []
            for each, stage in mine:
                alert = alert_for(person, each, stage)
                if alert.id in lacking:
                    (held if hold and hold.holds(each, stage, zone) else fresh).append(alert)
            if fresh or held:
                yield Due(person, code, day, contact["name"], contact["email"], tuple(fresh), tuple(held))
        for agency in sorted(owing.keys() - reached):
            yield Unreachable(agency, code, tuple(sorted({each.year for each, _ in owing[agency]})))


def _still(due: list[tuple[Owing, ReminderStage]], today: date) -> list[tuple[Owing, ReminderStage]]:
    """Those that are also true today."""
    return [(owing, stage) for owing, stage in due if holds(alert_for("", owing, stage), owing, today)]
