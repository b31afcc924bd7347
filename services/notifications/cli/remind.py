"""`satu remind`: lists or sends the reminders that are due on a day, and decides about held ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial

from services.notifications.application import Notifications
from services.notifications.cli.lines import names_of, reminder_line, unreachable_line
from services.notifications.messages.alert_log import AlertLog
from services.notifications.messages.repositories import alert_log_repository
from services.notifications.obligations.deadlines import local_date
from services.notifications.reminders.after_restore import end_hold
from services.notifications.reminders.mode import AlertingMode
from services.notifications.reminders.reminder import Reminder, Unreachable
from services.notifications.reminders.sweep import SweepResult
from shared.contracts.vocabulary import Zone
from shared.storage.steps import without_event

HELD = "held since the restore"


class RemindCommand:
    """Each method returns the lines to print; addresses are masked."""

    def __init__(self, parts: Notifications) -> None:
        self._parts = parts

    async def dry_run(self, as_of: date | None, mode: AlertingMode | None = None) -> list[str]:
        """List who would be told what on that day, why, by which channel and when. Writes nothing. mode: as if it were
        this one."""
        entries = [each async for each in self._parts.due_list.entries(as_of, mode=mode)]
        return [*await self._listed(entries, "would be told"), _summary(entries, "would be told")]

    async def remind(self, as_of: date | None) -> list[str]:
        """Run one sweep and one round of the sender, for the regions in which it is the day `as_of` now (by default
        all). The other regions are only listed: a day that is not today is a dry run."""
        today = await self._regions_on(as_of)
        result = await self._parts.sweep.run(today)
        lines = await self._told(result)
        lines.append(f"{await self._parts.sender.run()} messages attempted")
        if result.silent:
            lines.append("alerting is not live: nobody was told (satu alerts status)")
        elsewhere = [code for code in await self._regions() if today is not None and code not in today]
        for code in elsewhere:
            entries = [each async for each in self._parts.due_list.entries(as_of, region=code)]
            lines.append(f"region {code}: {as_of} is not today there: a dry run")
            lines += await self._listed(entries, "would be told")
        return lines

    async def release_held(self) -> list[str]:
        """Send what a restore holds back."""
        held = await self._held()
        messages = await end_hold(self._parts.store, send=True)
        return [f"{_count(held)} held alerts and {messages} held messages are released; the next sweep sends them"]

    async def discard_held(self) -> list[str]:
        """Never send what a restore holds back."""
        held = await self._held()
        logs = alert_log_repository(self._parts.store)
        for reminder in held:
            await logs.change(reminder.person, without_event(partial(_discarded, reminder=reminder)))
        messages = await end_hold(self._parts.store, send=False)
        return [f"{_count(held)} held alerts and {messages} held messages are discarded"]

    async def _held(self) -> list[Reminder]:
        entries = self._parts.due_list.entries()
        return [each async for each in entries if isinstance(each, Reminder) and each.held]

    async def _regions(self) -> dict[str, Zone]:
        return {known.value.code: known.value.zone async for known in self._parts.known_facts.regions()}

    async def _regions_on(self, day: date | None) -> set[str] | None:
        if day is None:
            return None
        now = self._parts.clock.now()
        return {code for code, zone in (await self._regions()).items() if local_date(now, zone) == day}

    async def _told(self, result: SweepResult) -> list[str]:
        held = [each for each in result.held if not each.alerts]
        lines = await self._listed(result.queued, "told")
        lines += await self._listed(held, HELD)
        lines += await self._listed(result.unreachable, "")
        return [*lines, _summary([*result.queued, *held, *result.unreachable], "told")]

    async def _listed(self, entries: Sequence[Reminder | Unreachable], verb: str) -> list[str]:
        names, zones = await names_of(self._parts.known_facts, entries), await self._regions()
        return [
            unreachable_line(each, names)
            if isinstance(each, Unreachable)
            else reminder_line(each, names, zones[each.region], verb if each.alerts else HELD)
            for each in entries
        ]


def _summary(entries: Iterable[Reminder | Unreachable], verb: str) -> str:
    reminders = [each for each in entries if isinstance(each, Reminder)]
    unreachable = [each for each in entries if isinstance(each, Unreachable)]
    people = sum(1 for each in reminders if each.alerts)
    return f"{people} people {verb}, {len(unreachable)} agencies unreachable, {_count(reminders)} alerts held"


def _discarded(log: AlertLog | None, reminder: Reminder) -> AlertLog | None:
    log = log or AlertLog(person=reminder.person, region=reminder.region)
    return log.discard(reminder.held, reminder.as_of.year)


def _count(held: Iterable[Reminder]) -> int:
    return sum(len(each.held) for each in held)
