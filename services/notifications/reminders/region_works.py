"""Notices what the sweep must look at: what was woken, and what changed in the store or by the calendar."""

from __future__ import annotations

from datetime import date, timedelta

from services.notifications.kinds import ALERT_POLICY, CONTACT, KNOWN_REGION
from services.notifications.known import BEHIND, KnownFacts
from services.notifications.obligations.deadlines import local_date
from services.notifications.reminders.policy.alert_policy import AlertPolicies
from services.notifications.reminders.queue import Woken
from services.notifications.reminders.region_work import RegionWork
from services.notifications.reminders.repositories import alert_policy_repository
from services.notifications.reminders.who.evaluation import parts
from shared.clock import Clock, machine_seconds
from shared.ports.store import OneOf, ScanRow, Store

MOST_DAYS = timedelta(days=31)  # between two looks; after more, everything is looked at
OWN_EVERY = 600.0  # seconds between two looks at a region's own people when nothing changed: a report became late


class RegionWorks:
    """The work of all known regions, in the order of their codes."""

    def __init__(self, store: Store, known_facts: KnownFacts, clock: Clock) -> None:
        self._store = store
        self._known_facts = known_facts
        self._clock = clock
        self._policies = alert_policy_repository(store)
        self._works: dict[str, RegionWork] = {}
        self._epoch: tuple[int, ...] = ()

    async def refresh(self, woken: Woken, epoch: tuple[int, ...]) -> list[RegionWork]:
        """Bring the work up to date. epoch: versions of what concerns everybody (the mode, the hold): when one changes,
        everything is looked at. Costs two short scans when nothing has changed."""
        await self._read_regions()
        await self._read_policies()
        everything = woken.everything or epoch != self._epoch
        seconds = machine_seconds()
        for code, work in self._works.items():
            work.everything |= everything
            work.own |= everything or code in woken.regions or seconds - work.own_at >= OWN_EVERY
        await self._new_days()
        await self._place(woken.agencies)
        self._epoch = epoch
        return list(self._works.values())

    async def _read_regions(self) -> None:
        async for row in self._store.scan(KNOWN_REGION.name, {}, (BEHIND,)):
            work = self._works.get(row.id)
            if work is None or work.sequence != row.sequence:
                work = await self._read_region(row)
            if work is not None:
                work.behind = bool(row[BEHIND])

    async def _read_region(self, row: ScanRow) -> RegionWork | None:
        known, work = await self._known_facts.region(row.id), self._works.get(row.id)
        if known is None:
            return None
        if work is None:
            work = self._works[row.id] = RegionWork(known, row.sequence, AlertPolicies(region=row.id))
            self._works = dict(sorted(self._works.items()))
            return work
        work.everything |= known.value.zone != work.known.value.zone
        work.known, work.sequence, work.own = known, row.sequence, True
        return work

    async def _read_policies(self) -> None:
        async for row in self._store.scan(ALERT_POLICY.name, {}, ()):
            work = self._works.get(row.id)
            if work is None or work.policies_sequence == row.sequence:
                continue
            found = await self._policies.get(row.id)
            work.policies, work.policies_sequence = found.value, found.sequence
            work.everything = work.own = True

    async def _new_days(self) -> None:
        """On a new local day: what a cap has deferred, whose contacts begin or end, and another alert policy."""
        now = self._clock.now()
        begun: dict[tuple[date, date], list[RegionWork]] = {}
        for work in self._works.values():
            before, today = work.day, local_date(now, work.known.value.zone)
            if before == today:
                continue
            work.own, work.day = True, today
            work.agencies |= work.later
            work.later = set()
            far = before is None or not timedelta(0) < today - before <= MOST_DAYS
            if before is None or far or work.policies.in_force(before) != work.policies.in_force(today):
                work.everything = True
            else:
                begun.setdefault((before, today), []).append(work)
        for (before, today), works in begun.items():
            changed = await self._with_other_contacts(before, today)
            for work in works:
                work.agencies |= changed.get(work.code, set())

    async def _with_other_contacts(self, before: date, today: date) -> dict[str, set[str]]:
        """Region → agencies of which a contact became valid after `before`, or stopped being so, by `today`."""
        days = [before + timedelta(days=each) for each in range((today - before).days + 1)]
        valid_from = {"valid_from": OneOf([each.isoformat() for each in days[1:]])}
        valid_to = {"valid_to": OneOf([each.isoformat() for each in days[:-1]])}
        found: dict[str, set[str]] = {}
        for where in (valid_from, valid_to):
            async for row in self._store.scan(CONTACT.name, where, ("region", "agencies")):
                found.setdefault(row["region"], set()).update(row["agencies"] or ())
        return found

    async def _place(self, agencies: set[str]) -> None:
        for part in parts(sorted(agencies)):
            for id, (region, _) in (await self._known_facts.places(part)).items():
                if work := self._works.get(region):
                    work.agencies.add(id)
