"""Which mails of a mailbox the bounce reader looks at, with a mailbox in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from services.notifications.messages.receipt import Receipt
from services.notifications.sending.bounces import reader
from services.notifications.sending.bounces.imap import MailboxAway
from services.notifications.sending.bounces.reader import BounceReader
from tests.support.providers.bounces import DOMAIN, dsn


def mail_id(number: int) -> str:
    return f"0d5d9c0e-0000-5000-8000-{number:012d}"


@dataclass
class MemoryMailbox:
    """mails: UID → content; seen: UIDs; asked: the UIDs that were read; away: whether it answers."""

    validity: int = 1
    mails: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    asked: list[int] = field(default_factory=list)
    away: bool = False

    async def unseen(self, after: int, limit: int) -> list[int]:
        return sorted(uid for uid in self.mails if uid > after and uid not in self.seen)[:limit]

    async def read(self, uid: int, most: int) -> bytes:
        self.asked.append(uid)
        return self.mails[uid][:most]

    async def see(self, uid: int) -> None:
        if self.away:
            raise MailboxAway("store")
        self.seen.add(uid)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[MemoryMailbox]:
        yield self


class Kept(list[Receipt]):
    async def keep(self, receipts: Sequence[Receipt]) -> None:
        self.extend(receipts)


async def test_a_mailbox_that_was_made_anew_is_read_from_its_beginning() -> None:
    mailbox, kept = MemoryMailbox(mails={7: dsn(mail_id(1)), 9: b"Subject: cuti"}), Kept()
    bounces = BounceReader(mailbox.opened, DOMAIN, kept.keep)
    await bounces.run()
    mailbox.validity, mailbox.mails, mailbox.seen = 2, {1: dsn(mail_id(2))}, set()

    await bounces.run()

    assert [each.mail for each in kept] == [mail_id(1), mail_id(2)]


async def test_mails_of_others_are_read_once_and_cost_nothing_after_that() -> None:
    mailbox = MemoryMailbox(mails=dict.fromkeys(range(1, 201), b"Subject: halo"))
    bounces = BounceReader(mailbox.opened, DOMAIN, Kept().keep)
    await bounces.run()
    mailbox.mails[500] = dsn(mail_id(1))

    assert (await bounces.run()).failed == 1
    assert mailbox.asked == [*range(1, 201), 500]
    assert mailbox.seen == {500}


async def test_a_mail_that_could_not_be_marked_is_read_again() -> None:
    mailbox, kept = MemoryMailbox(mails={1: dsn(mail_id(1))}, away=True), Kept()
    bounces = BounceReader(mailbox.opened, DOMAIN, kept.keep)
    await bounces.run()
    mailbox.away = False
    await bounces.run()

    assert mailbox.seen == {1}
    assert len({each.id for each in kept}) == 1


async def test_a_flood_is_read_in_several_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_IN_A_ROUND", 100)
    mailbox = MemoryMailbox(mails=dict.fromkeys(range(1, 251), b"x"))
    bounces = BounceReader(mailbox.opened, DOMAIN, Kept().keep)
    assert [(await bounces.run()).read for _ in range(4)] == [100, 100, 50, 0]


async def test_the_same_failure_told_twice_is_one_receipt_and_another_status_another() -> None:
    reports = [dsn(mail_id(1)), dsn(mail_id(1)), dsn(mail_id(1), status="5.7.1"), dsn(mail_id(2))]
    mailbox, kept = MemoryMailbox(mails=dict(enumerate(reports, start=1))), Kept()
    await BounceReader(mailbox.opened, DOMAIN, kept.keep).run()
    assert len({each.id for each in kept}) == 3
