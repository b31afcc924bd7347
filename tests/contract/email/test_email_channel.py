"""The e-mail channel against a real SMTP server with the failures of real providers."""

from __future__ import annotations

import asyncio
from email import policy
from email.parser import BytesParser

import pytest

from services.notifications.messages.alert import ReminderStage, alert_for
from services.notifications.messages.attempt import AttemptOutcome, Result
from services.notifications.messages.rendering import AlertDetails, RenderedMessage, render
from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.summary import ObligationSummary
from services.notifications.sending.choose import choose
from services.notifications.sending.email import QUIT_TIMEOUT, WHOLE_TIMEOUT, EmailChannel, FromAddress
from services.notifications.sending.smtp_url import parse
from services.notifications.settings import MailSettings
from shared.contracts.obligation import ObligationState
from shared.contracts.vocabulary import CountsWhen, ObligationStatus
from shared.faults import Misconfigured
from shared.settings import load
from tests.servers.smtp import Mailbox, unused_port
from tests.support.notifications_service import LAST_DAY, REGION

SENDER = FromAddress("Satu Inovasi <satu@kuburaya.example>", "Kurator <kurator@kuburaya.example>", "kuburaya.example")
TODAY = LAST_DAY.replace(day=1)


def details(agency: str, stage: ReminderStage = ReminderStage.BEFORE_30) -> AlertDetails:
    summary = ObligationSummary(
        agency=agency, year=2026, phase=ObligationPhase.OPEN, deadline=LAST_DAY, deadline_revision=1
    )
    obligation = ObligationState(
        agency=agency,
        region=REGION,
        year=2026,
        status=ObligationStatus.OPEN,
        minimum=1,
        deadline=LAST_DAY,
        deadline_revision=1,
    )
    return AlertDetails(alert_for("p", summary, stage), agency, obligation, CountsWhen.SUBMITTED)


def message(*agencies: str, name: str = "Siti Nurhaliza, S.Kom") -> RenderedMessage:
    return render(
        message="p/1",
        mail="0d5d9c0e-0000-5000-8000-000000000001",
        to="siti@dinkes.example",
        name=name,
        region="Kabupaten Kubu Raya",
        alerts=[details(each) for each in agencies or ("Dinas Kesehatan",)],
        today=TODAY,
        reply_to=True,
    )


async def hand_over(url: str, *, within: float = 5.0) -> AttemptOutcome:
    return await EmailChannel(parse(url), SENDER, timeout=within).hand_over(message())


async def test_a_message_arrives_as_text_and_html_in_bahasa_indonesia(mailbox: Mailbox) -> None:
    assert (await hand_over(mailbox.url)).result is Result.TAKEN
    (received,) = mailbox.mails
    mail = received.message
    assert (received.sender, received.to) == ("satu@kuburaya.example", "siti@dinkes.example")
    assert mail["Message-ID"] == "<0d5d9c0e-0000-5000-8000-000000000001@kuburaya.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] == SENDER.reply_to
    assert mail["To"] == '"Siti Nurhaliza, S.Kom" <siti@dinkes.example>'
    assert mail["Content-Language"] == "id"
    assert mail["Date"] is not None
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert mail.get_content_type() == "multipart/alternative"
    assert "Tenggat: 31 Desember 2026." in text.get_content()
    assert "tersisa 30 hari" in text.get_content()
    assert '<html lang="id">' in html.get_content()


async def test_a_digest_lists_every_alert(mailbox: Mailbox) -> None:
    channel = EmailChannel(parse(mailbox.url), SENDER, timeout=5)
    await channel.hand_over(message("Dinas Kesehatan", "Dinas Sosial"))
    (received,) = mailbox.mails
    body = received.message.get_body(("plain",))
    assert body is not None
    assert received.message["Subject"] == "Kewajiban satu inovasi: 2 pengingat"
    assert "Dinas Kesehatan" in body.get_content()
    assert "Dinas Sosial" in body.get_content()


def test_names_cannot_break_out_of_html() -> None:
    made = message("<script>Dinas</script>", name="<b>Siti</b>")
    assert "<script>" not in made.html
    assert "<b>" not in made.html
    assert "<script>Dinas</script>" in made.text


@pytest.mark.parametrize(
    "odd",
    ["=?utf-8?q?a=0d=0aBcc:_x@elsewhere.example?=", "==??utf-8?q?a=0d=0aBcc:_x?=", "satu\x85dua", "satu\u2028Bcc: x"],
)
def test_names_cannot_break_out_of_a_header(odd: str) -> None:
    channel = EmailChannel(parse("smtp://localhost"), SENDER)
    body = channel.mail(message(f"Dinas {odd}", name=odd)).as_bytes(policy=policy.SMTP)
    mail = BytesParser(policy=policy.default).parsebytes(body)
    assert mail.keys().count("Subject") == mail.keys().count("To") == 1
    assert "Bcc" not in mail
    assert [each.addr_spec for each in mail["To"].addresses] == ["siti@dinkes.example"]
    assert mail["Subject"].startswith("Pengingat: inovasi 2026 Dinas ")


def test_a_mail_is_plain_ascii_on_the_wire() -> None:
    channel = EmailChannel(parse("smtp://localhost"), SENDER)
    body = channel.mail(message(name="Sri Aé")).as_bytes(policy=policy.SMTP)
    assert body.isascii()
    assert BytesParser(policy=policy.default).parsebytes(body)["To"].addresses[0].display_name == "Sri Aé"


@pytest.mark.parametrize(
    ("reply", "at", "result", "code"),
    [
        ("450 4.2.1 try later", "RCPT", Result.LATER, "4.2.1"),
        ("451 4.3.0 try later", "DATA", Result.LATER, "4.3.0"),
        ("550 5.1.1 no such user", "RCPT", Result.BAD_ADDRESS, "5.1.1"),
        ("552 5.2.2 mailbox full", "RCPT", Result.REFUSED, "5.2.2"),
        ("554 5.6.0 refused", "DATA", Result.REFUSED, "5.6.0"),
        ("550 5.7.1 you may not relay", "RCPT", Result.STOPPED, "5.7.1"),
        ("550 5.7.26 unauthenticated", "DATA", Result.STOPPED, "5.7.26"),
        ("553 5.1.8 bad sender", "MAIL", Result.STOPPED, "5.1.8"),
    ],
)
async def test_a_refusal_has_an_outcome(mailbox: Mailbox, reply: str, at: str, result: Result, code: str) -> None:
    mailbox.refuse(reply, at=at)
    assert await hand_over(mailbox.url) == AttemptOutcome(result, code)
    assert mailbox.mails == []


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
async def test_a_connection_that_breaks_before_the_text_is_tried_again(mailbox: Mailbox, step: str) -> None:
    mailbox.drop_at(step)
    assert (await hand_over(mailbox.url)).result is Result.LATER


async def test_an_absent_server_is_tried_again() -> None:
    assert (await hand_over(f"smtp://127.0.0.1:{unused_port()}")).result is Result.LATER


async def test_a_connection_that_breaks_after_the_text_is_unanswered(mailbox: Mailbox) -> None:
    mailbox.drop_after_data()
    assert (await hand_over(mailbox.url)).result is Result.UNANSWERED
    assert len(mailbox.mails) == 1


async def test_a_server_that_hangs_after_the_text_is_abandoned_within_the_whole_timeout(mailbox: Mailbox) -> None:
    mailbox.hang()
    assert (await hand_over(mailbox.url, within=0.3)).result is Result.UNANSWERED


async def test_a_mail_that_was_accepted_is_taken_although_the_server_hangs_at_quit(mailbox: Mailbox) -> None:
    mailbox.hang_at_quit()
    assert (await hand_over(mailbox.url, within=1.0)).result is Result.TAKEN
    assert len(mailbox.mails) == 1


async def test_a_server_that_hangs_at_quit_delays_the_next_mail_by_seconds_only(mailbox: Mailbox) -> None:
    mailbox.hang_at_quit()
    async with asyncio.timeout(QUIT_TIMEOUT + 3.0):
        assert (await hand_over(mailbox.url, within=WHOLE_TIMEOUT)).result is Result.TAKEN


async def test_a_server_that_never_greets_is_abandoned_within_the_whole_timeout() -> None:
    finished = asyncio.Event()

    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await finished.wait()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    assert (await hand_over(f"smtp://127.0.0.1:{port}", within=0.3)).result is Result.LATER
    finished.set()
    server.close()
    await server.wait_closed()


async def test_a_login_is_used_and_a_wrong_one_stops_the_channel(mailbox: Mailbox) -> None:
    mailbox.users = {"satu@x": "rahasia/1"}
    right = f"smtp://satu%40x:rahasia%2F1@127.0.0.1:{mailbox.port}"
    assert (await hand_over(right)).result is Result.TAKEN
    wrong = f"smtp://satu%40x:salah@127.0.0.1:{mailbox.port}"
    assert await hand_over(wrong) == AttemptOutcome(Result.STOPPED, "5.7.8")


async def test_a_server_without_the_required_tls_gets_nothing(mailbox: Mailbox) -> None:
    assert (await hand_over(f"starttls://127.0.0.1:{mailbox.port}")).result is Result.STOPPED
    assert (await hand_over(f"smtps://127.0.0.1:{mailbox.port}", within=2)).result is not Result.TAKEN
    assert mailbox.mails == []


@pytest.mark.parametrize("url", ["http://x", "smtp://", "smtp://user@host", "smtp://host:port", "nonsense"])
def test_an_invalid_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"must|names|needs|is no") as refusal:
        parse(url)
    assert url not in str(refusal.value)


def test_a_password_is_not_shown() -> None:
    assert "rahasia" not in repr(parse("smtps://satu:rahasia@mail.example"))
    assert parse("starttls://mail.example").port == 587


@pytest.mark.parametrize("domain", ["kubu raya.example", "x\r\nBcc: y@z.example", "-.-", "<x>"])
def test_an_invalid_mail_domain_is_reported_at_the_start(domain: str) -> None:
    settings = load({"SMTP_URL": "smtp://localhost", "MAIL_FROM": "satu@kuburaya.example", "MAIL_DOMAIN": domain})
    with pytest.raises(Misconfigured, match="MAIL_DOMAIN"):
        choose(settings.of(MailSettings))
