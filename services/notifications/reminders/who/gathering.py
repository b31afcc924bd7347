"""Collects what each person is to be told, and what nobody can be told. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from services.notifications.messages.alert import alert_of
from services.notifications.reminders.frame import RegionFrame
from services.notifications.reminders.reasons import DueReason, distinct
from services.notifications.reminders.reminder import Reminder, Unreachable
from services.notifications.reminders.who.recipients import Person
from shared.contracts.message import Alert
from shared.storage.repository import Versioned


@dataclass(frozen=True)
class Due:
    """A due reason. agency: whose it is, empty for none; changed_at: machine milliseconds of the document that made it
    due, 0: none did."""

    reason: DueReason
    agency: str = ""
    changed_at: int = 0


class Gathering:
    """What is due in one region on one day, by person."""

    def __init__(self, frame: RegionFrame) -> None:
        self._frame = frame
        self._people: dict[str, Person] = {}
        self._due: dict[str, list[Due]] = {}
        self._nobody: dict[str, list[Due]] = {}
        self._why: dict[str, str] = {}

    def add(self, person: Person, due: Due) -> None:
        """Tell the person of it."""
        self._people[person.id] = person
        self._due.setdefault(person.id, []).append(due)

    def nobody(self, due: Due, why: str) -> None:
        """Nobody of the agency can be told of it."""
        self._nobody.setdefault(due.agency, []).append(due)
        self._why[due.agency] = why

    def reminders(self) -> list[Reminder]:
        """Each person for whom something is due that is not in the alert log, in the order of their ids."""
        found = (self._reminder(self._people[id], due) for id, due in sorted(self._due.items()))
        return [each for each in found if each is not None]

    def unreachable(self) -> list[Unreachable]:
        """Each agency with something that nobody can be told, in the order of their ids."""
        return [
            Unreachable(
                agency=agency,
                region=self._frame.code,
                years=tuple(sorted({each.reason.reason.year for each in due if each.reason.reason.year})),
                reasons=tuple(distinct(each.reason for each in due)),
                why=self._why[agency],
            )
            for agency, due in sorted(self._nobody.items())
        ]

    def _reminder(self, person: Person, due: list[Due]) -> Reminder | None:
        contact, log, frame = person.contact, person.log, self._frame
        alerts: list[Alert] = []
        held: list[Alert] = []
        reasons: list[DueReason] = []
        for each in distinct(one.reason for one in due):
            alert = alert_of(each.reason, person.id, contact.address_revision)
            if log is None or log.missing([alert]):
                covered = frame.hold is not None and frame.hold.covers(each, frame.zone)
                (held if covered else alerts).append(alert)
                reasons.append(each)
        if not reasons:
            return None
        return Reminder(
            person=person.id,
            region=frame.code,
            as_of=frame.day,
            contact=contact,
            alerts=tuple(alerts),
            held=tuple(held),
            reasons=tuple(reasons),
            agencies=tuple(sorted({each.agency for each in due if each.agency})),
            changed_at=max(person.sequence, *(each.changed_at for each in due)),
            taken_today=log.taken(frame.day) if log else 0,
            log=Versioned(person.id, person.log_sequence, log) if log else None,
        )
