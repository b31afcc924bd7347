"""The lines that the commands of notifications print: who is told what, why, by which channel, and when. Masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from services.notifications.known import KnownFacts
from services.notifications.reminders.reasons import DueReason
from services.notifications.reminders.reminder import Reminder, Unreachable
from shared.contracts.message import Reason
from shared.contracts.vocabulary import ReasonKind, Zone

Names = Mapping[str, str]


async def names_of(known_facts: KnownFacts, entries: Iterable[Reminder | Unreachable]) -> Names:
    """Agency → name, of all that the entries name."""
    agencies: set[str] = set()
    for entry in entries:
        agencies.update(str(each.reason.agency) for each in entry.reasons if each.reason.agency)
        if isinstance(entry, Unreachable):
            agencies.add(entry.agency)
    return await known_facts.names(sorted(agencies))


def reminder_line(reminder: Reminder, names: Names, zone: Zone, verb: str) -> str:
    """One person: `would be told: 3f… (b•••@dinas.example, email, from 2026-12-01 07:00): Dinas X 2026 before-30 …`."""
    masked = reminder.contact.masked()
    address = masked["email"] if reminder.channel == "email" else masked["phone"]
    return f"{verb}: {reminder.person} ({address}, {reminder.channel}{_when(reminder, zone)}): {_whys(reminder, names)}"


def unreachable_line(entry: Unreachable, names: Names) -> str:
    """One agency that nobody can be told about."""
    what = ", ".join(reason_text(each.reason, names) for each in entry.reasons)
    return f"unreachable: {names.get(entry.agency, entry.agency)}: no contact with an open address: {what}"


def reason_text(reason: Reason, names: Names) -> str:  # noqa: PLR0911 - one for each kind
    """`Dinas X 2026 before-30`."""
    agency = names.get(str(reason.agency), str(reason.agency))
    match reason.kind:
        case ReasonKind.DUTY:
            return f"{agency} {reason.year} {reason.what}"
        case ReasonKind.INNOVATION:
            return f"{agency} {reason.year} innovation {reason.innovation} {reason.what}"
        case ReasonKind.CONTACT:
            return f"contact {reason.person} {reason.what}"
        case ReasonKind.DEADLINE:
            return f"deadline {reason.year} {reason.what}"
        case ReasonKind.REPORT:
            return f"report {reason.week}"
        case ReasonKind.ENDPOINT:
            return f"endpoint {reason.endpoint} disabled, time {reason.times}"
        case ReasonKind.QUESTION:
            whose = f"{agency} {reason.year} " if reason.agency else ""
            return f"{whose}innovation {reason.innovation} {reason.what}, time {reason.times}"
        case ReasonKind.IDEA if reason.idea is None:
            return f"ideas received {reason.day}"
        case ReasonKind.IDEA:
            return f"{agency} idea {reason.idea} {reason.what}, time {reason.times}"


def _whys(reminder: Reminder, names: Names) -> str:
    held = {each.reason for each in reminder.held}
    return ", ".join(_why(each, names, held=each.reason in held) for each in reminder.reasons)


def _why(due: DueReason, names: Names, *, held: bool) -> str:
    until = f" to {due.last}" if due.last else ""
    return f"{reason_text(due.reason, names)} (due {due.first}{until}{', held' if held else ''})"


def _when(reminder: Reminder, zone: Zone) -> str:
    when = f", from {reminder.not_before.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if reminder.not_before else ""
    return f"{when}, deferred by {reminder.deferred_by.value}" if reminder.deferred_by else when
