"""Connections that are kept open between mails, against a server that shows how its sessions are used."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.sending.drivers import smtp_pool
from services.notifications.sending.drivers.email import EmailChannel
from shared.smtp_url import parse
from tests.contract.email.test_email_channel import SENDER
from tests.support.providers.certificates import self_signed
from tests.support.providers.hand_overs import hand_over
from tests.support.providers.smtp import DROP, HANG, SmtpProvider, smtp_provider


@pytest.fixture
async def provider() -> AsyncIterator[SmtpProvider]:
    async with smtp_provider() as running:
        yield running


@pytest.fixture
async def channel(provider: SmtpProvider) -> AsyncIterator[EmailChannel]:
    made = EmailChannel(parse(provider.url), SENDER, timeout=5, at_once=3)
    yield made
    await made.close()


async def send(channel: EmailChannel, to: str = "a@x.example") -> AnswerClass:
    return (await channel.hand_over(hand_over(to=to))).answer


async def test_mails_share_a_connection(provider: SmtpProvider, channel: EmailChannel) -> None:
    for number in range(5):
        assert await send(channel, f"{number}@x.example") is AnswerClass.ACCEPTED

    assert provider.taken == [f"{number}@x.example" for number in range(5)]
    assert len(provider.sessions) == 1
    assert [each.split()[0] for each in provider.sessions[0]] == ["EHLO", *("MAIL", "RCPT", "DATA") * 5]


async def test_at_most_so_many_connections_are_open(provider: SmtpProvider, channel: EmailChannel) -> None:
    answers = await asyncio.gather(*(send(channel, f"{number}@x.example") for number in range(20)))

    assert set(answers) == {AnswerClass.ACCEPTED}
    assert sorted(provider.taken) == sorted(f"{number}@x.example" for number in range(20))
    assert len(provider.sessions) == 3


async def test_closing_ends_the_sessions_and_the_channel_may_be_used_again(
    provider: SmtpProvider, channel: EmailChannel
) -> None:
    await send(channel)
    await channel.close()
    assert provider.sessions[0][-1] == "QUIT"

    assert await send(channel) is AnswerClass.ACCEPTED
    assert len(provider.sessions) == 2


async def test_after_a_refused_recipient_the_session_is_reset_and_used_again(
    provider: SmtpProvider, channel: EmailChannel
) -> None:
    provider.replies["RCPT"] = lambda to: "550 5.1.1 unknown" if to.startswith("siapa") else "250 2.1.5 ok"

    assert await send(channel, "siapa@x.example") is AnswerClass.RECIPIENT
    assert await send(channel, "ada@x.example") is AnswerClass.ACCEPTED

    assert len(provider.sessions) == 1
    assert provider.sessions[0][3] == "RSET"
    assert provider.taken == ["ada@x.example"]


async def test_a_server_that_restarted_between_two_mails_is_not_away(
    provider: SmtpProvider, channel: EmailChannel
) -> None:
    await send(channel)
    provider.cut()

    assert await send(channel) is AnswerClass.ACCEPTED
    assert len(provider.sessions) == 2


async def test_a_kept_session_that_the_server_ends_at_the_next_mail_is_replaced(
    provider: SmtpProvider, channel: EmailChannel
) -> None:
    for rude in ("421 4.4.2 idle too long", DROP):
        provider.replies.pop("MAIL", None)
        await send(channel)
        before = len(provider.sessions)

        def once(_: str, rude: str = rude) -> str:
            provider.replies.pop("MAIL")
            return rude

        provider.replies["MAIL"] = once
        assert await send(channel) is AnswerClass.ACCEPTED
        assert len(provider.sessions) == before + 1
    assert len(provider.taken) == 4


async def test_a_server_that_ends_every_session_is_away(provider: SmtpProvider, channel: EmailChannel) -> None:
    await send(channel)
    provider.replies["MAIL"] = "421 4.3.2 closing"

    assert await send(channel) is AnswerClass.AWAY
    assert len(provider.sessions) == 2


async def test_a_session_is_checked_after_a_while_and_given_up_when_it_hangs(
    provider: SmtpProvider, channel: EmailChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_pool, "CHECK_AFTER", -1.0)
    await send(channel)
    await send(channel)
    assert "NOOP" in provider.sessions[0]

    monkeypatch.setattr(smtp_pool, "CHECK_WITHIN", 0.1)
    monkeypatch.setattr(smtp_pool, "QUIT_TIMEOUT", 0.1)
    provider.replies["NOOP"] = HANG
    assert await send(channel) is AnswerClass.ACCEPTED
    assert len(provider.sessions) == 2


async def test_an_idle_session_is_ended_by_itself(
    provider: SmtpProvider, channel: EmailChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_pool, "IDLE", 0.05)
    await send(channel)

    async with asyncio.timeout(5):
        await provider.nobody_there()
    assert provider.sessions[0][-1] == "QUIT"


async def test_a_session_carries_no_more_mails_than_servers_allow(
    provider: SmtpProvider, channel: EmailChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_pool, "MAILS", 3)
    for _ in range(7):
        assert await send(channel) is AnswerClass.ACCEPTED
    assert len(provider.sessions) == 3


@pytest.mark.parametrize(
    ("step", "reply", "answer"),
    [
        ("CONNECT", "421 4.3.2 too many connections", Answer(AnswerClass.AWAY, "4.3.2")),
        ("CONNECT", "450 4.3.2 later", Answer(AnswerClass.AWAY, "4.3.2")),
        ("CONNECT", "554 5.7.1 blocked", Answer(AnswerClass.ACCOUNT, "5.7.1")),
        ("CONNECT", DROP, Answer(AnswerClass.AWAY, "no-connection")),
        ("CONNECT", HANG, Answer(AnswerClass.AWAY, "no-connection")),
        ("EHLO", DROP, Answer(AnswerClass.AWAY, "no-connection")),
        ("MAIL", DROP, Answer(AnswerClass.AWAY, "no-connection")),
        ("MAIL", HANG, Answer(AnswerClass.AWAY, "no-connection")),
        ("RCPT", HANG, Answer(AnswerClass.AWAY, "no-connection")),
        ("DATA", DROP, Answer(AnswerClass.UNANSWERED, "no-answer")),
        ("TEXT", HANG, Answer(AnswerClass.UNANSWERED, "no-answer")),
    ],
)
async def test_a_new_session_that_fails_is_classed(
    provider: SmtpProvider, step: str, reply: str, answer: Answer
) -> None:
    provider.replies[step] = reply
    channel = EmailChannel(parse(provider.url), SENDER, timeout=0.4)
    assert await channel.hand_over(hand_over()) == answer
    assert provider.taken == []
    await channel.close()


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("535 5.7.8 wrong", Answer(AnswerClass.ACCOUNT, "5.7.8")),
        ("534 5.7.9 too weak", Answer(AnswerClass.ACCOUNT, "5.7.9")),
        ("454 4.7.0 later", Answer(AnswerClass.AWAY, "4.7.0")),
    ],
)
async def test_a_refused_login_is_classed(provider: SmtpProvider, reply: str, answer: Answer) -> None:
    provider.replies |= {"EHLO": "250-x\r\n250 AUTH PLAIN", "AUTH": reply}
    channel = EmailChannel(parse(f"smtp://satu:rahasia@127.0.0.1:{provider.port}"), SENDER, timeout=5)
    assert await channel.hand_over(hand_over()) == answer
    await channel.close()


async def test_a_certificate_that_nobody_vouches_for_is_about_the_account(tmp_path: Path) -> None:
    async with smtp_provider(self_signed(tmp_path)) as provider:
        channel = EmailChannel(parse(f"smtps://127.0.0.1:{provider.port}"), SENDER, timeout=5)
        assert await channel.hand_over(hand_over()) == Answer(AnswerClass.ACCOUNT, "certificate")
        await channel.close()
        assert provider.taken == []
