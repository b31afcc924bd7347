"""The service with two channels in memory: WhatsApp with receipts, e-mail without."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.correction import corrected
from services.notifications.contacts.repositories import contact_repository
from services.notifications.messages.receipt import Receipt
from services.notifications.reminders.mode import Mode
from services.notifications.state import replaced
from shared.storage.steps import without_event
from tests.support.fake_channel import FakeChannel, MachineTime, machine_time
from tests.support.notifications_service import (
    NotificationsService,
    agency,
    notifications_service,
    passed,
    person_id,
    region,
)

__all__ = ["machine_time"]

NOON = datetime(2027, 1, 4, 5, tzinfo=UTC)  # Monday, 12.00 in Pontianak, after the deadline
PHONE = "+6281234567890"


@dataclass
class Both:
    """The service, its two channels, and machine time."""

    service: NotificationsService
    whatsapp: FakeChannel
    email: FakeChannel
    time: MachineTime

    async def overdue(self, name: str = "Budi", of: str = "Dinas Kesehatan", **more: Any) -> str:  # noqa: ANN401 - fields by name
        """An overdue agency with a contact that prefers WhatsApp, and has e-mail too; its message is written."""
        number = len(self.service.known) + 10
        self.service.known.append(name)
        how: dict[str, Any] = {
            "email": f"{name.lower()}@dinas.example",
            "phone": f"+62812345678{number}",
            "preferred": ChannelName.WHATSAPP,
            "consent_whatsapp": "1",
        }
        await self.service.receive(agency(of))
        person = await self.service.set_contact(name, of=[of], **{**how, **more})
        await self.service.parts.sweep.run()
        return person

    async def send(self) -> int:
        """One run of the sender."""
        return await self.service.parts.sender.run()

    async def report(self, *receipts: Receipt) -> None:
        """The provider reports, and what it reports is applied."""
        await self.service.parts.receipts.keep(receipts)
        await self.service.parts.apply_receipts()

    async def pass_by(self, **how: float) -> int:
        """Let machine time pass, then send."""
        self.time.pass_by(**how)
        return await self.send()

    async def contact(self, name: str = "Budi") -> Contact:
        """As it is stored."""
        return (await contact_repository(self.service.store).get(person_id(name))).value

    async def correct(self, person: str, *, another_person: bool = False, **fields: str) -> None:
        """As an editor corrects a contact."""

        def step(contact: Contact) -> Contact:
            return corrected(contact, replaced(contact, **fields), another_person=another_person)

        await contact_repository(self.service.store).amend(person, None, without_event(step))

    async def events(self) -> list[str]:
        """The types of the events about messages."""
        return [each.type for each in await self.service.owed_events() if each.type.startswith("alert.")]


@asynccontextmanager
async def open_both(folder: Path, machine_time: MachineTime, **settings: Any) -> AsyncIterator[Both]:  # noqa: ANN401 - by name
    """In live mode, at noon of a working day."""
    whatsapp, email = FakeChannel(ChannelName.WHATSAPP, has_receipts=True), FakeChannel(ChannelName.EMAIL)
    channels = {ChannelName.EMAIL: email, ChannelName.WHATSAPP: whatsapp}
    async with notifications_service(folder, at=NOON, mode=Mode.LIVE, channels=channels, **settings) as service:
        await service.receive(region())
        await service.receive(passed())
        yield Both(service, whatsapp, email, machine_time)


@pytest.fixture
async def both(tmp_path: Path, machine_time: MachineTime) -> AsyncIterator[Both]:
    async with open_both(tmp_path, machine_time) as both:
        yield both
