"""What arrived in the two sandboxes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.demo.mail_sandbox import Mail, MailSandbox
from shared.demo.sandboxes import Mark, Sandboxes
from shared.demo.whatsapp_sandbox import WhatsAppMessage, WhatsAppSandbox

NOW = datetime(2025, 10, 1, 2, tzinfo=UTC)


@pytest.fixture
def sandboxes(tmp_path: Path) -> Sandboxes:
    both = Sandboxes(MailSandbox(tmp_path), WhatsAppSandbox({}))
    both.mail.mails.append(Mail(1, "<1@x>", "a@dinas.example", "Pengingat", NOW, "tenggat\n30 November", ""))
    both.whatsapp.messages.append(WhatsAppMessage(1, "wamid", "+62812", "t", "*tenggat* 30", "p/1/1", 60, NOW))
    return both


async def test_a_message_is_found_by_address_and_words_across_lines_and_channels(sandboxes: Sandboxes) -> None:
    expected = {"a@dinas.example": ("Pengingat", "tenggat 30 November"), "+62812": ("tenggat",)}

    assert await sandboxes.lacking(expected, Mark(), within=0) == []


async def test_what_is_missing_is_named(sandboxes: Sandboxes) -> None:
    expected = {"a@dinas.example": ("Pengingat", "surat"), "b@dinas.example": ("Pengingat",)}

    assert await sandboxes.lacking(expected, Mark(), within=0) == [
        "a@dinas.example: surat",
        "b@dinas.example: Pengingat",
    ]


async def test_what_had_arrived_before_the_mark_does_not_count(sandboxes: Sandboxes) -> None:
    assert await sandboxes.lacking({"+62812": ("tenggat",)}, sandboxes.mark, within=0) == ["+62812: tenggat"]
