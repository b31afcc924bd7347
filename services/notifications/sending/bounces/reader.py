"""Reads the mailbox that bounces return to, and turns reports about our mails into receipts.

A report is marked as seen after its receipt is durable; a crash between the two reads it again, and the receipt's id is
the same. Mails that are no reports about ours are left as they are, and nothing is ever answered.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

import structlog

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.receipt import Receipt, ReceiptState
from services.notifications.metrics import BOUNCE_MAILBOX_AWAY
from services.notifications.sending.bounces.dsn import MOST_BYTES, Action, Report, read_report
from services.notifications.sending.bounces.imap import MailboxAway
from services.notifications.sending.channel import KeepReceipts
from shared.clock import machine_ms

BATCH = 50  # reports that are looked at before their receipts are stored
MOST_IN_A_ROUND = 2_000  # reports; the others come in the next round
ROUND = 300.0  # seconds for a round

log = structlog.get_logger("notifications")


class Mailbox(Protocol):
    """What is needed of an open mailbox; see `imap.OpenMailbox`."""

    validity: int

    async def unseen(self, after: int, limit: int) -> list[int]:
        """The UIDs of unseen reports above `after`."""

    async def read(self, uid: int, most: int) -> bytes:
        """The first bytes of a mail."""

    async def see(self, uid: int) -> None:
        """Mark a mail as seen."""


Open = Callable[[], AbstractAsyncContextManager[Mailbox]]


@dataclass
class Round:
    """What a round found. read: reports; ours: about our mails; failed: those that report a failure."""

    read: int = 0
    ours: int = 0
    failed: int = 0


class BounceReader:
    """opens: connects to the mailbox; domain: of our Message-IDs; keep: stores receipts durably."""

    def __init__(self, opens: Open, domain: str, keep: KeepReceipts) -> None:
        self._opens = opens
        self._domain = domain
        self._keep = keep
        self._validity = 0
        self._looked_at = 0  # the highest UID; others' reports below it stay unseen and are not read again

    async def run(self) -> Round:
        """Read what is new. A mailbox that is away is told to the operator and tried again in the next round."""
        done = Round()
        try:
            async with asyncio.timeout(ROUND), self._opens() as mailbox:
                await self._read_all(mailbox, done)
        except (MailboxAway, TimeoutError) as error:
            BOUNCE_MAILBOX_AWAY.set(1)
            reason = error.reason if isinstance(error, MailboxAway) else "too-slow"
            log.error(  # noqa: TRY400 - the reason says it all
                "bounces.mailbox_away", reason=reason, cure="check BOUNCE_IMAP_URL and the mail server"
            )
        else:
            BOUNCE_MAILBOX_AWAY.set(0)
        if done.ours:
            log.info("bounces.read", reports=done.read, ours=done.ours, failed=done.failed)
        return done

    async def _read_all(self, mailbox: Mailbox, done: Round) -> None:
        if mailbox.validity != self._validity:
            self._validity, self._looked_at = mailbox.validity, 0
        while done.read < MOST_IN_A_ROUND:
            uids = await mailbox.unseen(self._looked_at, BATCH)
            if not uids:
                return
            found = [(uid, report) async for uid, report in self._reports(mailbox, uids)]
            receipts = [receipt_of(report) for _, report in found if report.action is Action.FAILED]
            if receipts:
                await self._keep(receipts)
            for uid, _ in found:
                await mailbox.see(uid)
            self._looked_at = uids[-1]
            done.read += len(uids)
            done.ours += len(found)
            done.failed += len(receipts)

    async def _reports(self, mailbox: Mailbox, uids: list[int]) -> AsyncIterator[tuple[int, Report]]:
        for uid in uids:
            report = read_report(await mailbox.read(uid, MOST_BYTES), self._domain)
            if report is not None:
                yield uid, report


def receipt_of(report: Report) -> Receipt:
    """The receipt of a failed mail. Two reports of the same failure have the same id."""
    return Receipt(
        id=sha256(f"bounce {report.mail} {report.status}".encode()).hexdigest(),
        channel=ChannelName.EMAIL.value,
        mail=report.mail,
        state=ReceiptState.FAILED,
        at=machine_ms(),
        code=report.status,
        answer=report.answer,
    )
