"""The whole way with real providers: the service hands over by HTTP and SMTP, and hears back by webhook."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.repositories import contact_repository
from services.notifications.messages.message import MessageStatus
from services.notifications.messages.texts.whatsapp import whatsapp_templates
from services.notifications.reminders.mode import Mode
from shared.auth.gates import KeyFolderGate
from shared.demo.whatsapp_sandbox import WhatsAppMessage, WhatsAppSandbox
from shared.web.app import service_app
from shared.web.server import Server
from tests.servers.smtp import Mailbox
from tests.support.notifications_service import (
    NotificationsService,
    agency,
    notifications_service,
    passed,
    person_id,
    region,
)

NOON = datetime(2027, 1, 4, 5, tzinfo=UTC)  # Monday, 12.00 in Pontianak, after the deadline
PHONE = "+6281234567890"


@dataclass
class Running:
    """The service and its two providers."""

    service: NotificationsService
    whatsapp: WhatsAppSandbox
    mailbox: Mailbox

    async def overdue(self, **more: Any) -> None:  # noqa: ANN401 - fields by name
        """An overdue agency with a contact that prefers WhatsApp; its message is handed over."""
        await self.service.receive(agency())
        how = {"phone": PHONE, "preferred": ChannelName.WHATSAPP, "consent_whatsapp": "1"}
        await self.service.set_contact(**{**how, **more})
        await self.service.remind()

    async def hear(self) -> None:
        """Apply what the providers have reported, then sweep and send."""
        await self.service.parts.apply_receipts()
        await self.service.remind()

    async def contact(self) -> Contact:
        """As it is stored."""
        return (await contact_repository(self.service.store).get(person_id("Budi"))).value


@pytest.fixture
async def running(tmp_path: Path, mailbox: Mailbox) -> AsyncIterator[Running]:
    templates = {each.provider_name: each.body for each in whatsapp_templates().values()}
    async with (
        WhatsAppSandbox(templates, automatic=()) as whatsapp,
        notifications_service(
            tmp_path,
            at=NOON,
            mode=Mode.LIVE,
            smtp_url=mailbox.url,
            whatsapp_token=SecretStr(whatsapp.token),
            whatsapp_phone_number_id=whatsapp.phone_number_id,
            whatsapp_app_secret=SecretStr(whatsapp.app_secret),
            whatsapp_verify_token=SecretStr("v"),
            whatsapp_url=whatsapp.url,
            public_url="https://inovasi.kuburaya.example",
        ) as service,
    ):
        app = service_app("notifications", service.parts.router(), KeyFolderGate(tmp_path))
        server = Server(app, "127.0.0.1", 0, stop_seconds=1)
        await server.begin()
        whatsapp.webhook = f"{server.url}/webhooks/whatsapp"
        await service.receive(region())
        await service.receive(passed())
        yield Running(service, whatsapp, mailbox)
        await server.end()


async def test_a_message_is_delivered_when_the_webhook_says_so(running: Running) -> None:
    await running.overdue()
    (message,) = running.whatsapp.messages
    assert "Dinas Kesehatan" in message.text
    assert message.to == PHONE
    stored = await running.service.message()
    assert (stored.status, stored.attempts[0].provider_id) == (MessageStatus.SENT, message.id)

    await running.whatsapp.report(message, "delivered", "sent", "delivered", "read")
    await running.hear()

    stored = await running.service.message()
    assert (stored.status, stored.done, len(stored.attempts)) == (MessageStatus.READ, True, 1)
    assert running.mailbox.mails == []
    assert len(running.whatsapp.messages) == 1


async def test_a_receipt_that_comes_before_our_own_record_is_not_lost(running: Running) -> None:
    async def report(message: WhatsAppMessage) -> None:
        await running.whatsapp.report(message, "delivered")
        await running.service.parts.apply_receipts()

    running.whatsapp.before_answer = report
    await running.overdue()
    await running.hear()

    stored = await running.service.message()
    assert (stored.status, stored.done) == (MessageStatus.DELIVERED, True)


async def test_a_number_that_is_not_on_whatsapp_is_closed_and_the_mail_goes_out(running: Running) -> None:
    await running.overdue()
    (message,) = running.whatsapp.messages

    await running.whatsapp.report(message, "failed", errors=[{"code": 131026, "title": "undeliverable"}])
    await running.hear()

    assert (await running.contact()).phone_closed == "131026"
    (mail,) = running.mailbox.mails
    assert mail.to == "budi@dinkes.example"
    assert len(running.whatsapp.messages) == 1
    events = [each.type for each in await running.service.owed_events() if each.type.startswith("alert.")]
    assert events.count("alert.failed") == 1


async def test_a_template_that_meta_pauses_is_not_used_any_more(running: Running) -> None:
    await running.overdue()
    name = running.whatsapp.messages[0].template
    value = {"event": "PAUSED", "message_template_name": name, "message_template_language": "id"}
    change = {"field": "message_template_status_update", "value": value}
    assert await running.whatsapp.post({"entry": [{"id": "1", "changes": [change]}]}) == 200

    await running.service.receive(agency("Dinas Sosial"))
    await running.service.set_contact(
        "Siti",
        of=["Dinas Sosial"],
        email="siti@dinsos.example",
        phone="+6281234567891",
        preferred=ChannelName.WHATSAPP,
        consent_whatsapp="1",
    )
    await running.service.remind()

    assert [mail.to for mail in running.mailbox.mails] == ["siti@dinsos.example"]
    assert len(running.whatsapp.messages) == 1


@pytest.mark.parametrize(
    ("number", "status", "closed"),
    [
        ("+6280000000001", MessageStatus.DELIVERED, ""),
        ("+6280000000002", MessageStatus.FAILED, "simulated"),
        ("+6280000000003", MessageStatus.FAILED, "simulated"),
        ("+6280000000004", MessageStatus.SENT, ""),
        ("+6280000000005", MessageStatus.WAITING, ""),
    ],
)
async def test_the_simulators_numbers_reach_no_provider(
    running: Running, number: str, status: MessageStatus, closed: str
) -> None:
    await running.overdue(phone=number, email=None)
    await running.service.parts.apply_receipts()

    assert (await running.service.message()).status == status
    assert (await running.contact()).phone_closed == closed
    assert running.whatsapp.messages == []
    assert running.mailbox.mails == []
