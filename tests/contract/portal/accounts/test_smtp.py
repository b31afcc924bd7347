"""The mails of accounts against a real SMTP mailbox."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.portal.accounts.mail.letter import invitation_letter, reset_letter
from services.portal.accounts.mail.sender import Handed
from services.portal.accounts.mail.smtp import SmtpMailer
from shared.smtp_url import parse
from tests.servers.smtp import Mailbox as Server
from tests.servers.smtp import unused_port

SENDER = "Satu Inovasi <satu@kuburaya.example>"
LINK = "https://inovasi.kuburaya.example/undangan?kode=0b8f3f0e-6f0c.Zm9v"
LETTER = invitation_letter("siti@dinas.example", 'Siti "Ami" <Aminah>, S.Kom. – Kurator', LINK, "i-1.1")


def mailer(url: str) -> SmtpMailer:
    return SmtpMailer(
        parse(url), "Satu Inovasi <satu@kuburaya.example>", domain="kuburaya.example", reply_to="k@x.example"
    )


async def test_an_invitation_arrives_as_text_and_html_with_its_link_on_a_line_of_its_own(mailbox: Server) -> None:
    assert await mailer(mailbox.url).hand_over(LETTER) is Handed.ACCEPTED

    (received,) = mailbox.mails
    mail = received.message
    assert (received.sender, received.to) == ("satu@kuburaya.example", "siti@dinas.example")
    assert (mail["Message-ID"], mail["Auto-Submitted"]) == ("<i-1.1@kuburaya.example>", "auto-generated")
    assert (mail["Subject"], mail["Reply-To"]) == ("Undangan akun Satu Inovasi", "k@x.example")
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert LINK in text.get_content().splitlines()
    assert f'<a href="{LINK}">' in html.get_content()
    assert "<Aminah>" not in html.get_content(), "a name is no markup"


@pytest.mark.parametrize(
    ("reply", "at", "handed"),
    [
        ("550 5.1.1 no such user", "RCPT", Handed.REFUSED),
        ("450 4.7.1 greylisted", "RCPT", Handed.AWAY),
        ("554 5.7.1 refused", "DATA", Handed.REFUSED),
        ("451 4.3.0 try later", "DATA", Handed.AWAY),
    ],
)
async def test_what_a_refusal_means(mailbox: Server, reply: str, at: str, handed: Handed) -> None:
    mailbox.refuse(reply, at=at)

    assert await mailer(mailbox.url).hand_over(LETTER) is handed


async def test_a_server_that_is_not_there_is_away() -> None:
    assert await mailer(f"smtp://127.0.0.1:{unused_port()}").hand_over(LETTER) is Handed.AWAY


async def test_without_tls_nothing_is_sent_where_it_is_required(mailbox: Server) -> None:
    assert await mailer(mailbox.url.replace("smtp://", "starttls://")).hand_over(LETTER) is Handed.AWAY
    assert mailbox.mails == []


async def test_a_line_end_in_an_address_makes_no_header(mailbox: Server) -> None:
    broken = replace(LETTER, to="siti@dinas.example\r\nBcc: all@dinas.example")

    assert await mailer(mailbox.url).hand_over(broken) is not Handed.ACCEPTED
    assert mailbox.mails == []


def test_a_link_to_choose_another_password_says_how_long_it_works() -> None:
    letter = reset_letter("siti@dinas.example", "", LINK, "r")

    assert "1 jam" in letter.text
    assert letter.text.startswith("Yth. Bapak/Ibu,")
