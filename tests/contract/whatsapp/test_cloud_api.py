"""The Cloud API's channel against a real HTTP server that answers as Meta does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import format_datetime

import pytest
import pytest_asyncio
from starlette.responses import PlainTextResponse, Response

from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.sending.drivers.cloud_api import LONGEST_TTL, SHORTEST_TTL, CloudApiChannel
from shared.clock import Clock
from shared.demo.whatsapp_sandbox import error
from tests.servers.smtp import unused_port
from tests.support.providers.hand_overs import PERSON, PHONE, hand_over
from tests.support.providers.whatsapp import WhatsAppProvider, whatsapp_provider

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def running() -> AsyncIterator[WhatsAppProvider]:
    async with whatsapp_provider() as running:
        yield running


@pytest.fixture
def provider(running: WhatsAppProvider) -> WhatsAppProvider:
    running.clear()
    return running


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def channel(running: WhatsAppProvider) -> AsyncIterator[CloudApiChannel]:
    made = running.channel(timeout=5)
    yield made
    await made.close()


async def test_a_template_message_is_accepted_under_the_providers_id(
    provider: WhatsAppProvider, channel: CloudApiChannel
) -> None:
    answer = await channel.hand_over(hand_over(to=PHONE, ttl=3600))

    (message,) = provider.messages
    assert answer == Answer(AnswerClass.ACCEPTED, provider_id=message.id)
    assert message.text == "Kewajiban inovasi Dinas Kesehatan belum terpenuhi. Tenggat 31 Desember 2026."
    assert (message.to, message.callback, message.ttl) == (PHONE, f"{PERSON}/1/1", 3600)
    assert provider.requests[0] | {"template": None} == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": PHONE,
        "type": "template",
        "template": None,
        "biz_opaque_callback_data": f"{PERSON}/1/1",
        "message_send_ttl_seconds": 3600,
    }
    assert provider.requests[0]["template"]["language"] == {"code": "id"}


@pytest.mark.parametrize(
    ("ttl", "sent"), [(1, SHORTEST_TTL), (30, 30), (43_199, 43_199), (2_592_000, LONGEST_TTL), (-5, SHORTEST_TTL)]
)
async def test_the_time_to_live_is_the_alerts_within_metas_bounds(
    provider: WhatsAppProvider, channel: CloudApiChannel, ttl: int, sent: int
) -> None:
    await channel.hand_over(hand_over(to=PHONE, ttl=ttl))
    assert provider.messages[0].ttl == sent


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        *((code, AnswerClass.TRANSIENT) for code in (1, 2, 131000, 131016, 135000)),
        *((code, AnswerClass.THROTTLED) for code in (4, 80007, 130429)),
        *((code, AnswerClass.ACCOUNT) for code in (0, 3, 10, 190, 200, 210, 299, 368, 130497)),
        *((code, AnswerClass.ACCOUNT) for code in (131005, 131031, 131042, 131045, 131048, 131064)),
        *((code, AnswerClass.RECIPIENT) for code in (131026, 131030)),
        *((code, AnswerClass.TEMPLATE) for code in (132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016)),
        *((code, AnswerClass.BUG) for code in (100, 131008, 131009, 131021, 131047, 131051, 131052, 131053)),
        *((code, AnswerClass.TRANSIENT) for code in (131049, 199, 300, 999_999, -1)),
    ],
)
async def test_every_code_has_its_class_whatever_the_status(
    provider: WhatsAppProvider, channel: CloudApiChannel, code: int, answer: AnswerClass
) -> None:
    for status in (400, 500):
        provider.failures.append(lambda status=status: error(code, "refused", status))  # type: ignore[misc]
        assert await channel.hand_over(hand_over(to=PHONE)) == Answer(answer, str(code))
    assert provider.messages == []


@pytest.mark.parametrize(("attempt", "wait"), [(1, 4), (2, 16), (3, 64), (4, 256), (6, 3600), (50, 3600)])
async def test_the_pair_limit_makes_this_person_wait_longer_each_time(
    provider: WhatsAppProvider, channel: CloudApiChannel, attempt: int, wait: float
) -> None:
    provider.failures.append(lambda: error(131056, "pair rate limit"))
    expected = Answer(AnswerClass.THROTTLED, "131056", wait=wait, person_only=True)
    assert await channel.hand_over(hand_over(to=PHONE, number=attempt)) == expected


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (PlainTextResponse("x", 400), Answer(AnswerClass.BUG, "http-400")),
        (PlainTextResponse("[]", 404), Answer(AnswerClass.BUG, "http-404")),
        (PlainTextResponse('{"error": "nein"}', 422), Answer(AnswerClass.BUG, "http-422")),
        (PlainTextResponse("x", 301), Answer(AnswerClass.BUG, "http-301")),
        (PlainTextResponse("x", 500), Answer(AnswerClass.TRANSIENT, "http-500")),
        (PlainTextResponse("x", 503, {"Retry-After": "120"}), Answer(AnswerClass.TRANSIENT, "http-503", wait=120)),
        (PlainTextResponse("x", 429, {"Retry-After": "7"}), Answer(AnswerClass.THROTTLED, "http-429", wait=7)),
        (PlainTextResponse("x", 429, {"Retry-After": "soon"}), Answer(AnswerClass.THROTTLED, "http-429")),
        (error(130429, "rate", 429, Retry_After="30"), Answer(AnswerClass.THROTTLED, "130429", wait=30)),
        (PlainTextResponse("x"), Answer(AnswerClass.UNANSWERED, "no-id")),
        (PlainTextResponse('{"messages": []}'), Answer(AnswerClass.UNANSWERED, "no-id")),
        (PlainTextResponse('{"messages": [{"id": 5}]}'), Answer(AnswerClass.UNANSWERED, "no-id")),
    ],
)
async def test_a_reply_without_a_code_is_classed_by_its_status(
    provider: WhatsAppProvider, channel: CloudApiChannel, reply: Response, expected: Answer
) -> None:
    provider.failures.append(lambda: reply)
    assert await channel.hand_over(hand_over(to=PHONE)) == expected


async def test_a_date_to_retry_after_is_turned_into_seconds(
    provider: WhatsAppProvider, channel: CloudApiChannel
) -> None:
    date = format_datetime(Clock.machine() + timedelta(minutes=5), usegmt=True)
    provider.failures.append(lambda: error(4, "too many calls", 400, Retry_After=date))
    wait = (await channel.hand_over(hand_over(to=PHONE))).wait
    assert wait is not None
    assert 200 < wait <= 300


async def test_a_wrong_token_is_about_the_account(provider: WhatsAppProvider) -> None:
    channel = CloudApiChannel("stolen", provider.phone_number_id, url=provider.url)
    assert await channel.hand_over(hand_over(to=PHONE)) == Answer(AnswerClass.ACCOUNT, "190")
    await channel.close()


async def test_an_absent_provider_is_away() -> None:
    channel = CloudApiChannel("t", "1", url=f"http://127.0.0.1:{unused_port()}")
    assert await channel.hand_over(hand_over(to=PHONE)) == Answer(AnswerClass.AWAY, "no-connection")
    await channel.close()


async def test_no_answer_after_the_request_means_that_it_may_have_been_taken(provider: WhatsAppProvider) -> None:
    channel = provider.channel(timeout=0.3)
    provider.hold.clear()
    assert await channel.hand_over(hand_over(to=PHONE)) == Answer(AnswerClass.UNANSWERED, "no-answer")
    assert len(provider.messages) == 1
    provider.hold.set()
    await channel.close()


async def test_a_connection_that_breaks_after_the_request_is_unanswered() -> None:
    async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(rude, "127.0.0.1", 0)
    channel = CloudApiChannel("t", "1", url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    assert await channel.hand_over(hand_over(to=PHONE)) == Answer(AnswerClass.UNANSWERED, "no-answer")
    await channel.close()
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize(
    ("more", "flaw"),
    [
        ({"variables": ("satu",)}, "variable-count"),
        ({"variables": ("satu", "dua", "tiga")}, "variable-count"),
        ({"variables": ("satu", " ")}, "variable-empty"),
        ({"variables": ("satu", "a\nb")}, "variable-unfit"),
        ({"variables": ("satu", "a\tb")}, "variable-unfit"),
        ({"variables": ("satu", "a    b")}, "variable-unfit"),
        ({"variables": ("satu", "x" * 1025)}, "too-long"),
        ({"template": ""}, "no-template"),
        ({"language": "en"}, "language"),
    ],
)
async def test_variables_are_checked_before_anything_is_sent(
    provider: WhatsAppProvider, more: dict[str, object], flaw: str
) -> None:
    channel = provider.channel(count={"kewajiban": 2}.get)
    assert await channel.hand_over(hand_over(to=PHONE, **more)) == Answer(AnswerClass.BUG, flaw)
    assert provider.requests == []
    await channel.close()


async def test_a_character_that_no_request_may_contain_is_our_own_fault(
    provider: WhatsAppProvider, channel: CloudApiChannel
) -> None:
    odd = hand_over(to=PHONE, variables=("satu", "\ud800"))
    assert await channel.hand_over(odd) == Answer(AnswerClass.BUG, "not-writable")
    assert provider.requests == []


async def test_many_hand_overs_share_few_connections(provider: WhatsAppProvider, channel: CloudApiChannel) -> None:
    answers = await asyncio.gather(*(channel.hand_over(hand_over(to=PHONE)) for _ in range(50)))
    assert {each.answer for each in answers} == {AnswerClass.ACCEPTED}
    assert len({each.provider_id for each in answers}) == 50


async def test_a_closed_channel_may_be_used_again(provider: WhatsAppProvider, channel: CloudApiChannel) -> None:
    for _ in range(2):
        assert (await channel.hand_over(hand_over(to=PHONE))).answer is AnswerClass.ACCEPTED
        await channel.close()
