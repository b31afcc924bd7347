"""`satu remind`: lists or sends the reminders that are due on a day, and decides about held ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial

from services.notifications.application import Notifications
from services.notifications.contacts.masking import masked_email
from services.notifications.messages.alert_log import AlertLog
from services.notifications.messages.repositories import alert_log_repository
from services.notifications.obligations.deadlines import local_date
from services.notifications.reminders.after_restore import end_hold
from services.notifications.reminders.due import Reminder, Unreachable
from services.notifications.reminders.sweep import SweepResult
from services.notifications.sending.log import LogChannel
from shared.contracts.message import Alert
from shared.contracts.vocabulary import Zone
from shared.faults import Conflict
from shared.storage.steps import without_event


class RemindCommand:
    """Each method returns the lines to print; addresses are masked."""

    def __init__(self, parts: Notifications) -> None:
        self._parts = parts

    async def dry_run(self, as_of: date | None) -> list[str]:
        """List who would be reminded of what on that day. Writes nothing."""
        result = SweepResult()
        async for entry in self._parts.due_list.entries(as_of, future=True):
            if isinstance(entry, Unreachable):
                result.unreachable.append(entry)
            else:
                result.queued += [entry] if entry.alerts else []
                result.held += [entry] if entry.held else []
        return await self._lines(result, "would be reminded")

    async def remind(self, as_of: date | None) -> list[str]:
        """Run one sweep and one round of the sender. Raises Conflict for a future day, unless the channel is the
        log."""
        future = as_of is not None and as_of > local_date(self._parts.clock.now(), Zone.WIB)
        if future and self._parts.channel.name != LogChannel.name:
            raise Conflict(f"{as_of} is in the future: use --dry-run, or CHANNEL=log")
        result = await self._parts.sweep.run(as_of, future=future)
        attempted = await self._parts.sender.run()
        lines = await self._lines(result, "reminded")
        lines.append(f"{attempted} messages attempted on channel {self._parts.channel.name}")
        stopped = await self._parts.sender.health.why_stopped()
        if stopped:
            lines.append(
                f"channel {self._parts.channel.name} is stopped ({stopped}): correct it, restart notifications"
            )
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

    async def _lines(self, result: SweepResult, verb: str) -> list[str]:
        alerts = [alert for each in (*result.queued, *result.held) for alert in (*each.alerts, *each.held)]
        agencies = {str(alert.reason.agency) for alert in alerts}
        names = await self._parts.known_facts.names(sorted(agencies | {each.agency for each in result.unreachable}))
        lines = [f"{verb}: {_person(each)}: {_alerts(each.alerts, names)}" for each in result.queued]
        lines += [f"held since the restore: {_person(each)}: {_alerts(each.held, names)}" for each in result.held]
        lines += [
            f"unreachable: {names.get(each.agency, each.agency)}: no contact with a valid, unflagged address"
            for each in result.unreachable
        ]
        lines.append(
            f"{len(result.queued)} people {verb}, {len(result.unreachable)} agencies unreachable, "
            f"{_count(result.held)} alerts held"
        )
        return lines


def _discarded(log: AlertLog | None, reminder: Reminder) -> AlertLog | None:
    return (log or AlertLog(person=reminder.person, region=reminder.region)).discard(reminder.held)


def _count(held: Iterable[Reminder]) -> int:
    return sum(len(each.held) for each in held)


def _person(reminder: Reminder) -> str:
    return f"{reminder.person} ({masked_email(reminder.email)})"


def _alerts(alerts: Sequence[Alert], names: dict[str, str]) -> str:
    return ", ".join(
        f"{names.get(str(each.reason.agency), each.reason.agency)} {each.reason.year} {each.reason.what}"
        for each in alerts
    )
