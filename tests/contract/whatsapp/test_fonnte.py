"""Fonnte's channel against a real HTTP server that answers as Fonnte does."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from starlette.responses import PlainTextResponse, Response

from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.sending.drivers.fonnte import QUOTA_WAIT, FonnteChannel
from tests.servers.smtp import unused_port
from tests.support.providers.fonnte import FonnteProvider, fonnte_provider
from tests.support.providers.hand_overs import PHONE, hand_over

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def running() -> AsyncIterator[FonnteProvider]:
    async with fonnte_provider() as running:
        yield running


@pytest.fixture
def provider(running: FonnteProvider) -> FonnteProvider:
    running.clear()
    return running


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def channel(running: FonnteProvider) -> AsyncIterator[FonnteChannel]:
    made = FonnteChannel(running.token, url=running.url, timeout=5)
    yield made
    await made.close()


async def test_the_text_is_queued_under_the_providers_id(provider: FonnteProvider, channel: FonnteChannel) -> None:
    answer = await channel.hand_over(hand_over(to=PHONE, text="Tenggat: 31 Desember 2026 – segera."))

    assert answer == Answer(AnswerClass.ACCEPTED, provider_id="80000001")
    assert provider.sent == [
        {"target": "6281234567890", "message": "Tenggat: 31 Desember 2026 – segera.", "countryCode": "62"}
    ]


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("token invalid", Answer(AnswerClass.ACCOUNT, "token")),
        ("unknown user", Answer(AnswerClass.ACCOUNT, "token")),
        ("device expired, renew your package", Answer(AnswerClass.ACCOUNT, "package")),
        ("device is banned", Answer(AnswerClass.ACCOUNT, "banned")),
        ("request invalid on disconnected device", Answer(AnswerClass.AWAY, "device-disconnected")),
        ("device not connected", Answer(AnswerClass.AWAY, "device-disconnected")),
        ("insufficient quota", Answer(AnswerClass.THROTTLED, "quota", wait=QUOTA_WAIT)),
        ("target invalid", Answer(AnswerClass.RECIPIENT, "target-invalid")),
        ("invalid target", Answer(AnswerClass.RECIPIENT, "target-invalid")),
        ("target is not registered on whatsapp", Answer(AnswerClass.RECIPIENT, "target-invalid")),
        ("input invalid", Answer(AnswerClass.BUG, "input")),
        ("JSON format invalid", Answer(AnswerClass.BUG, "input")),
        ("something new", Answer(AnswerClass.TRANSIENT, "refused")),
        ("", Answer(AnswerClass.TRANSIENT, "refused")),
    ],
)
async def test_a_refusal_in_words_is_classed(
    provider: FonnteProvider, channel: FonnteChannel, reason: str, expected: Answer
) -> None:
    provider.refuse(reason)
    assert await channel.hand_over(hand_over(to=PHONE)) == expected
    assert provider.sent == []


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (PlainTextResponse("x", 401), Answer(AnswerClass.ACCOUNT, "http-401")),
        (PlainTextResponse("x", 400), Answer(AnswerClass.BUG, "http-400")),
        (PlainTextResponse("x", 429, {"Retry-After": "60"}), Answer(AnswerClass.THROTTLED, "http-429", wait=60)),
        (PlainTextResponse("x", 502), Answer(AnswerClass.TRANSIENT, "http-502")),
        (PlainTextResponse("<html>"), Answer(AnswerClass.UNANSWERED, "no-status")),
        (PlainTextResponse('{"status": "true"}'), Answer(AnswerClass.UNANSWERED, "no-status")),
        (PlainTextResponse('{"status": true}'), Answer(AnswerClass.ACCEPTED)),
    ],
)
async def test_other_replies_are_classed(
    provider: FonnteProvider, channel: FonnteChannel, reply: Response, expected: Answer
) -> None:
    provider.answers.append(reply)
    assert await channel.hand_over(hand_over(to=PHONE)) == expected


async def test_a_wrong_token_is_about_the_account(provider: FonnteProvider) -> None:
    channel = FonnteChannel("stolen", url=provider.url)
    assert (await channel.hand_over(hand_over(to=PHONE))).answer is AnswerClass.ACCOUNT
    await channel.close()


async def test_an_absent_provider_is_away() -> None:
    channel = FonnteChannel("t", url=f"http://127.0.0.1:{unused_port()}")
    assert (await channel.hand_over(hand_over(to=PHONE))).answer is AnswerClass.AWAY
    await channel.close()


@pytest.mark.parametrize("odd", ["+62812,+62813", "0812|Budi|x", "grup@g.us", ""])
async def test_nothing_but_a_number_is_handed_over(provider: FonnteProvider, channel: FonnteChannel, odd: str) -> None:
    assert (await channel.hand_over(hand_over(to=odd))).answer is AnswerClass.BUG
    assert provider.sent == []
