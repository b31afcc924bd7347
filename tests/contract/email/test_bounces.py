"""The bounce reader against a real IMAP server."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, suppress
from functools import partial
from pathlib import Path

import pytest

from services.notifications.messages.answer import AnswerClass
from services.notifications.messages.receipt import Receipt, ReceiptState
from services.notifications.sending.bounces import imap
from services.notifications.sending.bounces import reader as bounces
from services.notifications.sending.bounces.imap import opened
from services.notifications.sending.bounces.imap_url import parse
from services.notifications.sending.bounces.reader import BounceReader, Mailbox
from shared.faults import StoreAway
from tests.servers.dovecot import ImapServer
from tests.servers.smtp import unused_port
from tests.support.providers.bounces import DOMAIN, dsn
from tests.support.providers.certificates import self_signed
from tests.support.providers.hand_overs import MAIL


def mail_id(number: int) -> str:
    return f"0d5d9c0e-0000-5000-8000-{number:012d}"


class Inbox:
    def __init__(self) -> None:
        self.receipts: dict[str, Receipt] = {}
        self.calls = 0
        self.away = False

    async def keep(self, receipts: Sequence[Receipt]) -> None:
        if self.away:
            raise StoreAway
        self.calls += 1
        self.receipts |= {each.id: each for each in receipts}


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


def opening(url: str) -> partial[AbstractAsyncContextManager[Mailbox]]:
    return partial(opened, parse(url))


@pytest.fixture
def reader(mailbox_by_imap: ImapServer, inbox: Inbox) -> BounceReader:
    return BounceReader(opening(mailbox_by_imap.url), DOMAIN, inbox.keep)


async def test_a_bounce_becomes_a_receipt_once(mailbox_by_imap: ImapServer, reader: BounceReader, inbox: Inbox) -> None:
    mailbox_by_imap.deliver(dsn(MAIL))

    done = await reader.run()

    (receipt,) = inbox.receipts.values()
    assert (done.read, done.ours, done.failed) == (1, 1, 1)
    assert (receipt.channel, receipt.mail, receipt.state) == ("email", MAIL, ReceiptState.FAILED)
    assert (receipt.code, receipt.answer) == ("5.1.1", AnswerClass.RECIPIENT)
    assert mailbox_by_imap.flags() == {"Undelivered Mail Returned to Sender": "S"}
    await reader.run()
    assert inbox.calls == 1


async def test_mails_of_others_stay_unseen_and_are_not_read_again(
    mailbox_by_imap: ImapServer, reader: BounceReader, inbox: Inbox
) -> None:
    mailbox_by_imap.deliver(b"Subject: cuti\r\nFrom: siti@dinkes.example\r\n\r\nSaya sedang cuti.\r\n")
    mailbox_by_imap.deliver(dsn(MAIL, domain="elsewhere.example", subject="lain"))
    mailbox_by_imap.deliver(dsn(MAIL, action="delayed", subject="tertunda"))

    first, second = await reader.run(), await reader.run()

    assert (first.read, first.ours, first.failed, second.read) == (2, 1, 0, 0)
    assert mailbox_by_imap.flags() == {"cuti": "", "lain": "", "tertunda": "S"}
    assert inbox.receipts == {}


async def test_a_bounce_is_seen_only_after_its_receipt_is_durable(
    mailbox_by_imap: ImapServer, reader: BounceReader, inbox: Inbox
) -> None:
    mailbox_by_imap.deliver(dsn(MAIL, subject="pantul"))
    inbox.away = True
    with pytest.raises(StoreAway):
        await reader.run()
    assert mailbox_by_imap.flags() == {"pantul": ""}

    inbox.away = False
    await reader.run()
    assert mailbox_by_imap.flags() == {"pantul": "S"}
    assert len(inbox.receipts) == 1


async def test_a_crash_between_the_two_reads_it_again_under_the_same_id(
    mailbox_by_imap: ImapServer, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox_by_imap.deliver(dsn(MAIL))
    with monkeypatch.context() as crash:

        async def die(_self: object, _uid: int) -> None:
            raise KeyboardInterrupt

        crash.setattr(imap.OpenMailbox, "see", die)
        with pytest.raises(KeyboardInterrupt):
            await BounceReader(opening(mailbox_by_imap.url), DOMAIN, inbox.keep).run()
    await BounceReader(opening(mailbox_by_imap.url), DOMAIN, inbox.keep).run()

    assert inbox.calls == 2
    assert len(inbox.receipts) == 1


async def test_many_bounces_are_read_in_batches(
    mailbox_by_imap: ImapServer, reader: BounceReader, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounces, "BATCH", 7)
    for number in range(30):
        mailbox_by_imap.deliver(dsn(mail_id(number), subject=f"s{number}"))

    done = await reader.run()

    assert (done.read, done.failed, inbox.calls) == (30, 30, 5)
    assert {each.mail for each in inbox.receipts.values()} == {mail_id(number) for number in range(30)}
    assert set(mailbox_by_imap.flags().values()) == {"S"}


async def test_a_large_mail_is_read_up_to_a_limit(
    mailbox_by_imap: ImapServer, reader: BounceReader, inbox: Inbox
) -> None:
    mailbox_by_imap.deliver(dsn(MAIL) + b"x" * 3_000_000)
    assert (await reader.run()).failed == 1


@pytest.mark.parametrize("what", ["password", "folder", "port"])
async def test_a_mailbox_that_cannot_be_read_is_told_and_tried_again(
    mailbox_by_imap: ImapServer, inbox: Inbox, what: str
) -> None:
    url = {
        "password": mailbox_by_imap.url.replace("rahasia", "salah"),
        "folder": mailbox_by_imap.url.replace("INBOX", "Tidak%20Ada"),
        "port": mailbox_by_imap.url.replace(str(mailbox_by_imap.port), str(unused_port())),
    }[what]
    mailbox_by_imap.deliver(dsn(MAIL))
    assert (await BounceReader(opening(url), DOMAIN, inbox.keep).run()).read == 0
    assert inbox.receipts == {}


async def test_a_server_that_never_answers_is_given_up(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "TIMEOUT", 0.2)
    over = asyncio.Event()

    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    url = f"imap://a:b@127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with asyncio.timeout(5):
        assert (await BounceReader(opening(url), DOMAIN, inbox.keep).run()).read == 0
    over.set()
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize(
    "url",
    [
        "http://a:b@x",
        "imaps://x",
        "imaps://a@x",
        "imap://a:b@mail.example/INBOX",
        "imaps://a:b@x:port",
        "imaps://a:b@x/é",
    ],
)
def test_an_invalid_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"must|names|is no") as refusal:
        parse(url)
    assert url not in str(refusal.value)


def test_a_password_is_not_shown() -> None:
    url = parse("imaps://satu:rahasia@mail.example/Pantulan")
    assert "rahasia" not in repr(url)
    assert (url.port, url.folder) == (993, "Pantulan")


async def test_a_mailbox_without_a_certificate_that_somebody_vouches_for_gets_no_password(
    inbox: Inbox, tmp_path: Path
) -> None:
    said: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            said.append(await reader.read())
            writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0, ssl=self_signed(tmp_path))
    url = f"imaps://a:rahasia@127.0.0.1:{server.sockets[0].getsockname()[1]}"
    assert (await BounceReader(opening(url), DOMAIN, inbox.keep).run()).read == 0
    assert b"rahasia" not in b"".join(said)
    server.close()
    await server.wait_closed()
