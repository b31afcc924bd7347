"""The e-mail channel against real SMTP servers with the failures of real providers."""

from __future__ import annotations

import asyncio
from email import policy
from email.parser import BytesParser

import pytest

from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.sending.drivers import smtp_pool
from services.notifications.sending.drivers.email import WHOLE_TIMEOUT, EmailChannel, FromAddress
from shared.smtp_url import parse
from tests.servers.smtp import Mailbox, unused_port
from tests.support.providers.hand_overs import EMAIL, MAIL, hand_over

SENDER = FromAddress("Satu Inovasi <satu@kuburaya.example>", "Kurator <kurator@kuburaya.example>", "kuburaya.example")


async def send(url: str, *, within: float = 5.0) -> Answer:
    channel = EmailChannel(parse(url), SENDER, timeout=within)
    try:
        return await channel.hand_over(hand_over())
    finally:
        await channel.close()


async def test_a_message_arrives_as_text_and_html_in_bahasa_indonesia(mailbox: Mailbox) -> None:
    assert (await send(mailbox.url)).answer is AnswerClass.ACCEPTED
    (received,) = mailbox.mails
    mail = received.message
    assert (received.sender, received.to) == ("satu@kuburaya.example", EMAIL)
    assert mail["Message-ID"] == f"<{MAIL}@kuburaya.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] == SENDER.reply_to
    assert mail["To"] == f'"Siti Nurhaliza, S.Kom" <{EMAIL}>'
    assert mail["Content-Language"] == "id"
    assert mail["Date"] is not None
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert mail.get_content_type() == "multipart/alternative"
    assert "Tenggat: 31 Desember 2026." in text.get_content()
    assert '<html lang="id">' in html.get_content()


def test_the_reply_address_of_a_message_comes_before_that_of_the_channel() -> None:
    made = EmailChannel(parse("smtp://localhost"), SENDER).mail(hand_over(reply_to="kantor@pontianak.example"))
    assert BytesParser(policy=policy.default).parsebytes(made)["Reply-To"] == "kantor@pontianak.example"


@pytest.mark.parametrize(
    ("reply", "at", "answer", "code"),
    [
        ("450 4.2.1 try later", "RCPT", AnswerClass.TRANSIENT, "4.2.1"),
        ("450 4.7.1 greylisted", "RCPT", AnswerClass.TRANSIENT, "4.7.1"),
        ("450 try later", "RCPT", AnswerClass.TRANSIENT, "450"),
        ("451 4.3.0 try later", "DATA", AnswerClass.TRANSIENT, "4.3.0"),
        ("452 4.2.2 mailbox full for now", "RCPT", AnswerClass.TRANSIENT, "4.2.2"),
        ("452 too many", "RCPT", AnswerClass.THROTTLED, "452"),
        ("452 4.5.3 too many recipients", "RCPT", AnswerClass.THROTTLED, "4.5.3"),
        ("550 5.1.1 no such user", "RCPT", AnswerClass.RECIPIENT, "5.1.1"),
        ("550 5.1.10 null MX", "RCPT", AnswerClass.RECIPIENT, "5.1.10"),
        ("550 5.1.2 no such domain", "RCPT", AnswerClass.RECIPIENT, "5.1.2"),
        ("501 5.1.3 bad address syntax", "RCPT", AnswerClass.RECIPIENT, "5.1.3"),
        ("551 5.1.6 moved, no new address", "RCPT", AnswerClass.RECIPIENT, "5.1.6"),
        ("550 5.2.1 disabled", "RCPT", AnswerClass.RECIPIENT, "5.2.1"),
        ("552 5.2.2 mailbox full", "RCPT", AnswerClass.RECIPIENT, "5.2.2"),
        ("550 No Such User Here", "RCPT", AnswerClass.RECIPIENT, "550"),
        ("550 5.1.1 no such user", "DATA", AnswerClass.RECIPIENT, "5.1.1"),
        ("550 looks like spam", "DATA", AnswerClass.TRANSIENT, "550"),
        ("553 we do not relay", "RCPT", AnswerClass.TRANSIENT, "553"),
        ("554 5.4.6 loop", "RCPT", AnswerClass.TRANSIENT, "5.4.6"),
        ("550 5.7.1 not from you", "RCPT", AnswerClass.TRANSIENT, "5.7.1"),
        ("550 5.7.26 unauthenticated", "DATA", AnswerClass.TRANSIENT, "5.7.26"),
        ("554 5.6.0 refused", "DATA", AnswerClass.BUG, "5.6.0"),
        ("552 5.3.4 too large", "DATA", AnswerClass.BUG, "5.3.4"),
        ("552 5.3.4 too large", "MAIL", AnswerClass.BUG, "5.3.4"),
        ("501 5.5.4 bad parameter", "RCPT", AnswerClass.BUG, "5.5.4"),
        ("503 bad sequence", "RCPT", AnswerClass.BUG, "503"),
        ("553 5.1.8 bad sender", "MAIL", AnswerClass.ACCOUNT, "5.1.8"),
        ("550 5.7.1 sender denied", "MAIL", AnswerClass.ACCOUNT, "5.7.1"),
        ("451 4.3.0 try later", "MAIL", AnswerClass.AWAY, "4.3.0"),
        ("421 4.3.2 closing", "MAIL", AnswerClass.AWAY, "4.3.2"),
        ("421 4.3.2 closing", "RCPT", AnswerClass.AWAY, "4.3.2"),
    ],
)
async def test_a_refusal_is_classed(mailbox: Mailbox, reply: str, at: str, answer: AnswerClass, code: str) -> None:
    mailbox.refuse(reply, at=at)
    assert await send(mailbox.url) == Answer(answer, code)
    assert mailbox.mails == []


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
async def test_a_connection_that_breaks_before_the_text_means_that_the_server_is_away(
    mailbox: Mailbox, step: str
) -> None:
    mailbox.drop_at(step)
    assert (await send(mailbox.url)).answer is AnswerClass.AWAY


async def test_an_absent_server_is_away() -> None:
    assert (await send(f"smtp://127.0.0.1:{unused_port()}")).answer is AnswerClass.AWAY


async def test_a_connection_that_breaks_after_the_text_is_unanswered(mailbox: Mailbox) -> None:
    mailbox.drop_after_data()
    assert (await send(mailbox.url)).answer is AnswerClass.UNANSWERED
    assert len(mailbox.mails) == 1


async def test_a_server_that_hangs_after_the_text_is_abandoned_within_the_whole_timeout(mailbox: Mailbox) -> None:
    mailbox.hang()
    assert (await send(mailbox.url, within=0.3)).answer is AnswerClass.UNANSWERED


async def test_a_mail_is_accepted_although_the_server_hangs_at_quit(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_pool, "QUIT_TIMEOUT", 0.2)
    mailbox.hang_at_quit()
    async with asyncio.timeout(5):
        assert (await send(mailbox.url, within=WHOLE_TIMEOUT)).answer is AnswerClass.ACCEPTED
    assert len(mailbox.mails) == 1


async def test_a_login_is_used_and_a_wrong_one_is_about_the_account(mailbox: Mailbox) -> None:
    mailbox.users = {"satu@x": "rahasia/1"}
    right = f"smtp://satu%40x:rahasia%2F1@127.0.0.1:{mailbox.port}"
    assert (await send(right)).answer is AnswerClass.ACCEPTED
    wrong = f"smtp://satu%40x:salah@127.0.0.1:{mailbox.port}"
    assert await send(wrong) == Answer(AnswerClass.ACCOUNT, "5.7.8")


async def test_a_server_without_the_required_tls_gets_nothing(mailbox: Mailbox) -> None:
    without = await send(f"starttls://127.0.0.1:{mailbox.port}")
    assert without == Answer(AnswerClass.ACCOUNT, "not-supported")
    assert (await send(f"smtps://127.0.0.1:{mailbox.port}", within=2)).answer is not AnswerClass.ACCEPTED
    assert mailbox.mails == []


async def test_an_address_that_no_command_may_contain_is_our_own_fault(mailbox: Mailbox) -> None:
    channel = EmailChannel(parse(mailbox.url), SENDER, timeout=5)
    for odd in ("siti@x.example\r\nDATA", "sitié@x.example"):
        assert (await channel.hand_over(hand_over(to=odd))).answer is AnswerClass.BUG
    await channel.close()
    assert mailbox.mails == []


@pytest.mark.parametrize("url", ["http://x", "smtp://", "smtp://user@host", "smtp://host:port", "nonsense"])
def test_an_invalid_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"must|names|needs|is no") as refusal:
        parse(url)
    assert url not in str(refusal.value)


def test_a_password_is_not_shown() -> None:
    assert "rahasia" not in repr(parse("smtps://satu:rahasia@mail.example"))
    assert parse("starttls://mail.example").port == 587
