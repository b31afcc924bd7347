"""`satu remind`: the sweep's question, asked by an operator, for a day of their choice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial

from services.notifications.application import Notifications
from services.notifications.contacts import contact as contacts
from services.notifications.kinds import POST
from services.notifications.messages import alert_log as posts
from services.notifications.obligations.deadlines import local_date
from services.notifications.reminders import restore_hold as holding
from services.notifications.reminders.due import Due, Unreachable
from services.notifications.reminders.sweep import Found
from services.notifications.sending.log import LogChannel
from shared.contracts.message import Alert
from shared.contracts.vocabulary import Zone
from shared.faults import Conflict
from shared.storage.steps import without_event


class Reminding:
    """Answers in lines for people; nobody's address is shown in full."""

    def __init__(self, rooms: Notifications) -> None:
        self._rooms = rooms

    async def dry_run(self, as_of: date | None) -> list[str]:
        """Who would be told what on that day. Writes nothing."""
        found = Found()
        async for answer in self._rooms.question.ask(as_of, future=True):
            if isinstance(answer, Unreachable):
                found.unreachable.append(answer)
            else:
                found.told += [answer] if answer.alerts else []
                found.held += [answer] if answer.held else []
        return await self._lines(found, "would be told")

    async def remind(self, as_of: date | None) -> list[str]:
        """One sweep and one round of the postman. Raises Conflict for a day to come, unless nobody is really told."""
        to_come = as_of is not None and as_of > local_date(self._rooms.clock.now(), Zone.WIB)
        if to_come and self._rooms.channel.name != LogChannel.name:
            raise Conflict(f"{as_of} is to come: use --dry-run, or CHANNEL=log")
        found = await self._rooms.sweep.run(as_of, future=to_come)
        attempted = await self._rooms.sender.run()
        lines = await self._lines(found, "told")
        lines.append(f"{attempted} messages attempted on channel {self._rooms.channel.name}")
        stopped = await self._rooms.sender.health.why_stopped()
        if stopped:
            lines.append(f"channel {self._rooms.channel.name} is stopped ({stopped}): mend it, restart notifications")
        return lines

    async def release_held(self) -> list[str]:
        """Send what a restore holds back."""
        held = await self._held()
        messages = await holding.lift(self._rooms.store, send=True)
        return [f"{_count(held)} held alerts and {messages} held messages are released; the next sweep sends them"]

    async def discard_held(self) -> list[str]:
        """Never send what a restore holds back."""
        held = await self._held()
        for due in held:
            await self._rooms.store.change(POST.name, due.person, without_event(partial(_never, due=due)))
        messages = await holding.lift(self._rooms.store, send=False)
        return [f"{_count(held)} held alerts and {messages} held messages are discarded; nobody is told"]

    async def _held(self) -> list[Due]:
        return [each async for each in self._rooms.question.ask() if isinstance(each, Due) and each.held]

    async def _lines(self, found: Found, verb: str) -> list[str]:
        agencies = {alert.agency for due in (*found.told, *found.held) for alert in (*due.alerts, *due.held)}
        names = await self._rooms.known_facts.names(sorted(agencies | {each.agency for each in found.unreachable}))
        lines = [f"{verb}: {_person(due)}: {_reasons(due.alerts, names)}" for due in found.told]
        lines += [f"held since the restore: {_person(due)}: {_reasons(due.held, names)}" for due in found.held]
        lines += [
            f"unreachable: {names.get(each.agency, each.agency)}: no contact with a valid, unflagged address"
            for each in found.unreachable
        ]
        lines.append(
            f"{len(found.told)} persons {verb}, {len(found.unreachable)} agencies unreachable, "
            f"{_count(found.held)} alerts held"
        )
        return lines


def _never(post: posts.State | None, due: Due) -> posts.State | None:
    return posts.discard(post, due.held, person=due.person, region=due.region)


def _count(held: Iterable[Due]) -> int:
    return sum(len(due.held) for due in held)


def _person(due: Due) -> str:
    return f"{due.person} ({contacts.masked_email(due.email)})"


def _reasons(alerts: Sequence[Alert], names: dict[str, str]) -> str:
    return ", ".join(f"{names.get(alert.agency, alert.agency)} {alert.year} {alert.stage}" for alert in alerts)
