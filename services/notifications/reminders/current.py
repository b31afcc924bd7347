"""Whether what a message says is still true: asked once more before each attempt, by the same rules as the sweep's."""

from __future__ import annotations

from services.notifications.contacts.contact import Contact
from services.notifications.contacts.repositories import contact_repository
from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.entry import entry_id
from services.notifications.obligations.repositories import obligation_repository
from services.notifications.obligations.summary import summary_of
from services.notifications.reminders.behind import BehindList
from services.notifications.reminders.frame import Frames, RegionFrame
from services.notifications.reminders.reasons import (
    BEHIND,
    CONFIRM,
    DueReason,
    contact_reasons,
    duty_reasons,
    innovation_reasons,
    report_reasons,
    unreachable_reasons,
)
from shared.contracts.message import Alert, Reason
from shared.contracts.vocabulary import ReasonKind
from shared.ports.store import OneOf, Store
from shared.storage.repository import Versioned

_MOST_AGENCIES = 200  # of a contact


class CurrentReasons:
    """Asks one store."""

    def __init__(self, store: Store, frames: Frames) -> None:
        self._frames = frames
        self._behind = BehindList(store)
        self._contacts = contact_repository(store)
        self._obligations = obligation_repository(store)
        self._entries = EntryRepository(store)

    async def holds(self, alert: Alert, contact: Versioned[Contact], frame: RegionFrame | None = None) -> bool:
        """Whether the alert is to be sent to this contact now: its reason is due today, the addresses are those that it
        was meant for, and the contact still answers for its agency. frame: of the contact's region, if the caller has
        it already."""
        person, reason = contact.value, alert.reason
        if person.erased or alert.address_revision != person.address_revision:
            return False
        frame = frame or await self._frames.of_code(reason.region)
        if frame is None or (reason.agency is not None and reason.agency not in person.agencies):
            return False
        return any(each.reason == reason for each in await self._due(reason, contact, frame))

    async def _due(self, reason: Reason, contact: Versioned[Contact], frame: RegionFrame) -> list[DueReason]:
        match reason.kind:
            case ReasonKind.DUTY:
                return await self._duties(frame, [str(reason.agency)], reason.year or 0)
            case ReasonKind.INNOVATION:
                return await self._innovation(frame, reason)
            case ReasonKind.CONTACT:
                return await self._contact(frame, reason, contact)
            case ReasonKind.DEADLINE if reason.what == BEHIND:
                return await self._behind(frame)
            case ReasonKind.DEADLINE:
                return await self._duties(frame, list(contact.value.agencies), reason.year or 0)
            case ReasonKind.REPORT:
                return report_reasons(frame.code, frame.region.deadlines, frame.policy, frame.day)

    async def _duties(self, frame: RegionFrame, agencies: list[str], year: int) -> list[DueReason]:
        where = {"agency": OneOf(agencies[:_MOST_AGENCIES]), "year": year}
        page = await self._obligations.list(where, limit=_MOST_AGENCIES, after=None)
        duties = (summary_of(each.value) for each in page.items)
        return [due for duty in duties if duty for due in duty_reasons(duty, frame.policy, frame.zone, frame.day)]

    async def _innovation(self, frame: RegionFrame, reason: Reason) -> list[DueReason]:
        found = await self._entries.find(entry_id(str(reason.agency), reason.year or 0, str(reason.innovation)))
        return innovation_reasons(found.value, frame.zone, frame.day) if found else []

    async def _contact(self, frame: RegionFrame, reason: Reason, reader: Versioned[Contact]) -> list[DueReason]:
        subject = reader if reason.person == reader.id else await self._contacts.find(str(reason.person))
        if subject is None:
            return []
        ask = contact_reasons if reason.what == CONFIRM else unreachable_reasons
        return ask(subject.id, subject.value, frame.changed_on(subject.sequence), frame.day)
