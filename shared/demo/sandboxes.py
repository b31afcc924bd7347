"""Both sandboxes together: what arrived at which address, whatever the channel."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from shared.clock import machine_seconds
from shared.demo.mail_sandbox import MailSandbox
from shared.demo.whatsapp_sandbox import WhatsAppMessage, WhatsAppSandbox

Expected = Mapping[str, tuple[str, ...]]
"""Address → phrases, each of which must be in one of the messages that arrive there."""

_EVERY = 0.05  # seconds


@dataclass(frozen=True)
class Mark:
    """How many messages had arrived at a moment."""

    mails: int = 0
    chats: int = 0


@dataclass(frozen=True)
class Sandboxes:
    """The mail sandbox and the WhatsApp sandbox."""

    mail: MailSandbox
    whatsapp: WhatsAppSandbox

    @property
    def mark(self) -> Mark:
        """Now."""
        return Mark(len(self.mail.mails), len(self.whatsapp.messages))

    def since(self, mark: Mark = Mark()) -> list[tuple[str, str]]:
        """Address and text of each message that has arrived since, with its subject; blanks are single."""
        mails = [(each.to, f"{each.subject} {each.text}") for each in self.mail.mails[mark.mails :]]
        chats = [(each.to, each.text) for each in self.whatsapp.messages[mark.chats :]]
        return [(to, " ".join(text.split())) for to, text in mails + chats]

    def counts(self, mark: Mark) -> tuple[int, int]:
        """How many mails and WhatsApp messages have arrived since."""
        return len(self.mail.mails) - mark.mails, len(self.whatsapp.messages) - mark.chats

    def chats_with(self, number: str) -> list[WhatsAppMessage]:
        """The WhatsApp messages to a number."""
        return [each for each in self.whatsapp.messages if each.to == number]

    async def lacking(self, expected: Expected, mark: Mark, within: float) -> list[str]:
        """Wait until everything expected has arrived since the mark; what has not within so many seconds."""
        deadline = machine_seconds() + within
        while True:
            missing = _missing(expected, self.since(mark))
            if not missing or machine_seconds() > deadline:
                return missing
            await asyncio.sleep(_EVERY)


def _missing(expected: Expected, arrived: list[tuple[str, str]]) -> list[str]:
    return [
        f"{address}: {phrase}"
        for address, phrases in expected.items()
        for phrase in phrases
        if not any(to == address and phrase in text for to, text in arrived)
    ]
