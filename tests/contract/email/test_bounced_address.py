"""A mail that comes back: from the report in a real mailbox to the closed address and the next person."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.notifications.contacts.repositories import contact_repository
from services.notifications.messages.message import MessageStatus
from services.notifications.reminders.mode import Mode
from tests.servers.dovecot import ImapServer
from tests.servers.smtp import Mailbox
from tests.support.notifications_service import agency, notifications_service, passed, person_id, region
from tests.support.providers.bounces import dsn

NOON = datetime(2027, 1, 4, 5, tzinfo=UTC)  # Monday, 12.00 in Pontianak, after the deadline


@pytest.mark.parametrize(("status", "closed"), [("5.1.1", "5.1.1"), ("5.7.1", "")])
async def test_a_bounce_about_the_address_closes_it_and_no_other_does(
    tmp_path: Path, mailbox: Mailbox, mailbox_by_imap: ImapServer, status: str, closed: str
) -> None:
    async with notifications_service(
        tmp_path,
        at=NOON,
        mode=Mode.LIVE,
        smtp_url=mailbox.url,
        bounce_imap_url=SecretStr(mailbox_by_imap.url),
        public_url="https://inovasi.kuburaya.example",
    ) as service:
        # Given a message that the mail server has accepted
        await service.receive(region())
        await service.receive(passed())
        await service.receive(agency())
        await service.set_contact()
        await service.remind()
        (mail,) = mailbox.mails
        assert (await service.message()).status == MessageStatus.SENT

        # When the mail comes back, twice
        for _ in range(2):
            mailbox_by_imap.deliver(dsn(mail.message_id.strip("<>").partition("@")[0], status=status, diagnostic=""))
        await service.parts.read_bounces()
        await service.parts.apply_receipts()

        # Then the address is closed if it is to blame, and the failure is told once
        contact = (await contact_repository(service.store).get(person_id("Budi"))).value
        assert contact.email_closed == closed
        events = [each.type for each in await service.owed_events() if each.type.startswith("alert.")]
        assert events.count("alert.failed") == 1
        assert set(mailbox_by_imap.flags().values()) == {"S"}
        await service.remind()
        assert len(mailbox.mails) == 1
