"""The webhook of the Cloud API over HTTP, with a provider that signs and posts as Meta does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from services.notifications.api.webhooks import CloudApiWebhook, WebhookRoutes
from services.notifications.messages.answer import AnswerClass
from services.notifications.messages.receipt import Receipt, ReceiptState
from services.notifications.sending.drivers.cloud_api import CloudApiChannel
from services.notifications.sending.notices.notice import ChannelNotice, NoticeKind
from shared.auth.gates import KeyFolderGate
from shared.demo.whatsapp_sandbox import WhatsAppMessage, sign, webhook_body
from shared.faults import StoreAway
from shared.web.app import MOST_PLAIN, service_app
from shared.web.server import Server
from tests.support.providers.hand_overs import PERSON, PHONE, hand_over
from tests.support.providers.whatsapp import WhatsAppProvider, whatsapp_provider

pytestmark = pytest.mark.asyncio(loop_scope="module")

VERIFY = "verify-token"


@dataclass
class Inbox:
    """receipts, notices: by id, as the store keeps them; calls: how often receipts were handed in; away: whether the
    store is."""

    receipts: dict[str, Receipt] = field(default_factory=dict)
    notices: dict[str, ChannelNotice] = field(default_factory=dict)
    calls: int = 0
    away: bool = False

    async def keep_receipts(self, receipts: Sequence[Receipt]) -> None:
        if self.away:
            raise StoreAway
        self.calls += 1
        self.receipts |= {each.id: each for each in receipts}

    async def keep_notices(self, notices: Iterable[ChannelNotice]) -> None:
        self.notices |= {each.id: each for each in notices}

    @property
    def receipt(self) -> Receipt:
        (only,) = self.receipts.values()
        return only

    @property
    def notice(self) -> ChannelNotice:
        (only,) = self.notices.values()
        return only


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[WhatsAppProvider, Inbox]]:
    inbox = Inbox()
    async with whatsapp_provider() as provider:
        routes = WebhookRoutes(
            CloudApiWebhook(provider.app_secret, VERIFY, provider.phone_number_id),
            inbox.keep_receipts,
            inbox.keep_notices,
        )
        app = service_app("notifications", routes.router(), KeyFolderGate(tmp_path_factory.mktemp("access")))
        server = Server(app, "127.0.0.1", 0, stop_seconds=1)
        await server.begin()
        provider.webhook = f"{server.url}/webhooks/whatsapp"
        yield provider, inbox
        await server.end()


@pytest.fixture
def provider(running: tuple[WhatsAppProvider, Inbox]) -> WhatsAppProvider:
    running[0].clear()
    running[0].before_answer = None
    return running[0]


@pytest.fixture
def inbox(running: tuple[WhatsAppProvider, Inbox]) -> Inbox:
    running[1].__init__()  # type: ignore[misc]
    return running[1]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def channel(running: tuple[WhatsAppProvider, Inbox]) -> AsyncIterator[CloudApiChannel]:
    made = running[0].channel(timeout=5)
    yield made
    await made.close()


async def sent(provider: WhatsAppProvider, channel: CloudApiChannel) -> WhatsAppMessage:
    await channel.hand_over(hand_over(to=PHONE))
    return provider.messages[-1]


async def test_a_status_becomes_a_receipt_of_the_attempt(
    provider: WhatsAppProvider, inbox: Inbox, channel: CloudApiChannel
) -> None:
    message = await sent(provider, channel)
    status = provider.status(message, "delivered") | {"timestamp": "1764460800"}

    assert await provider.post(webhook_body([status], provider.phone_number_id)) == 200

    receipt = inbox.receipt
    assert (receipt.channel, receipt.attempt, receipt.provider_id) == ("whatsapp", f"{PERSON}/1/1", message.id)
    assert (receipt.state, receipt.at, receipt.code, receipt.answer) == (
        *(ReceiptState.DELIVERED, 1_764_460_800_000, "", None),
    )
    assert PHONE.removeprefix("+") not in receipt.model_dump_json()


async def test_statuses_come_in_any_order_and_twice_under_the_same_id(
    provider: WhatsAppProvider, inbox: Inbox, channel: CloudApiChannel
) -> None:
    message = await sent(provider, channel)
    statuses = [provider.status(message, state) for state in ("read", "sent", "delivered")]
    for status in [*statuses, statuses[1], dict(reversed(statuses[0].items()))]:
        assert await provider.post(webhook_body([status], provider.phone_number_id)) == 200

    assert [each.state.value for each in inbox.receipts.values()] == ["read", "sent", "delivered"]
    assert inbox.calls == 5


async def test_many_statuses_in_one_webhook_are_all_kept(
    provider: WhatsAppProvider, inbox: Inbox, channel: CloudApiChannel
) -> None:
    message = await sent(provider, channel)
    statuses = [
        provider.status(message, "sent") | {"biz_opaque_callback_data": f"{PERSON}/1/{number}"}
        for number in range(1, 1001)
    ]
    assert await provider.post(webhook_body(statuses, provider.phone_number_id)) == 200
    assert len(inbox.receipts) == 1000
    assert inbox.calls == 1


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        (131026, AnswerClass.RECIPIENT),
        (131049, AnswerClass.TRANSIENT),
        (132015, AnswerClass.TEMPLATE),
        (131042, AnswerClass.ACCOUNT),
        (131047, AnswerClass.BUG),
        (130429, AnswerClass.THROTTLED),
    ],
)
async def test_a_failure_carries_its_code_and_class(
    provider: WhatsAppProvider, inbox: Inbox, channel: CloudApiChannel, code: int, answer: AnswerClass
) -> None:
    message = await sent(provider, channel)
    await provider.report(message, "failed", errors=[{"code": code, "title": "to 6281234567890: undeliverable"}])

    assert (inbox.receipt.code, inbox.receipt.answer) == (str(code), answer)
    assert "undeliverable" not in inbox.receipt.model_dump_json()


async def test_a_failure_without_a_code_is_transient(
    provider: WhatsAppProvider, inbox: Inbox, channel: CloudApiChannel
) -> None:
    await provider.report(await sent(provider, channel), "failed", errors="none")
    assert (inbox.receipt.code, inbox.receipt.answer) == ("", AnswerClass.TRANSIENT)


async def test_a_receipt_may_come_without_the_number_and_with_a_new_user_id(
    provider: WhatsAppProvider, inbox: Inbox, channel: CloudApiChannel
) -> None:
    status = provider.status(await sent(provider, channel), "delivered")
    del status["recipient_id"]
    status["recipient_user_id"] = "ID.4711"
    await provider.post(webhook_body([status], provider.phone_number_id))
    assert inbox.receipt.attempt == f"{PERSON}/1/1"


@pytest.mark.parametrize("callback", [None, "", "elsewhere", "a/b/c", 7, {"x": 1}])
async def test_a_receipt_without_our_own_id_is_matched_by_the_providers(
    provider: WhatsAppProvider, inbox: Inbox, channel: CloudApiChannel, callback: object
) -> None:
    message = await sent(provider, channel)
    status = provider.status(message, "delivered") | {"biz_opaque_callback_data": callback}
    assert await provider.post(webhook_body([status], provider.phone_number_id)) == 200
    assert (inbox.receipt.attempt, inbox.receipt.provider_id) == ("", message.id)


async def test_statuses_of_another_number_of_the_same_app_are_not_ours(
    provider: WhatsAppProvider, inbox: Inbox, channel: CloudApiChannel
) -> None:
    status = provider.status(await sent(provider, channel), "delivered")
    assert await provider.post(webhook_body([status], "999")) == 200
    assert inbox.receipts == {}


async def test_a_receipt_may_come_before_the_answer_to_the_hand_over(
    provider: WhatsAppProvider, inbox: Inbox, channel: CloudApiChannel
) -> None:
    reported = asyncio.Event()

    async def report(message: WhatsAppMessage) -> None:
        await provider.report(message, "sent", "delivered")
        provider.hold.clear()
        reported.set()

    provider.before_answer = report
    handing_over = asyncio.create_task(channel.hand_over(hand_over(to=PHONE)))
    async with asyncio.timeout(5):
        await reported.wait()
    assert len(inbox.receipts) == 2
    assert not handing_over.done()

    provider.hold.set()
    assert (await handing_over).answer is AnswerClass.ACCEPTED


async def test_a_wrong_or_absent_signature_is_refused_before_the_body_is_read(
    provider: WhatsAppProvider, inbox: Inbox, channel: CloudApiChannel
) -> None:
    body = webhook_body([provider.status(await sent(provider, channel), "delivered")], provider.phone_number_id)
    right = sign(json.dumps(body).encode(), provider.app_secret)
    for wrong in ("", "sha256=", "sha256=00", right[:-1], right.upper(), right.replace("sha256", "sha1"), f"x{right}"):
        assert await provider.post(body, signature=wrong) == 403
    assert await provider.post(body, signature=sign(json.dumps(body).encode(), "another secret")) == 403
    async with httpx2.AsyncClient() as client:
        for content in (json.dumps(body).encode(), b"{", b"[" * 100_000):
            assert (await client.post(provider.webhook, content=content)).status_code == 403
        changed = await client.post(
            provider.webhook, content=json.dumps(body).encode() + b" ", headers={"X-Hub-Signature-256": right}
        )
        assert changed.status_code == 403
    assert inbox.calls == 0


async def test_a_replayed_webhook_changes_nothing(
    provider: WhatsAppProvider, inbox: Inbox, channel: CloudApiChannel
) -> None:
    body = webhook_body([provider.status(await sent(provider, channel), "delivered")], provider.phone_number_id)
    for _ in range(3):
        assert await provider.post(body) == 200
    assert len(inbox.receipts) == 1


async def test_a_webhook_is_not_confirmed_before_it_is_stored(
    provider: WhatsAppProvider, inbox: Inbox, channel: CloudApiChannel
) -> None:
    body = webhook_body([provider.status(await sent(provider, channel), "delivered")], provider.phone_number_id)
    inbox.away = True
    assert await provider.post(body) == 503
    inbox.away = False
    assert await provider.post(body) == 200
    assert len(inbox.receipts) == 1


async def test_a_body_that_is_too_large_is_refused(provider: WhatsAppProvider, inbox: Inbox) -> None:
    async with httpx2.AsyncClient() as client:
        answer = await client.post(provider.webhook, content=b" " * (MOST_PLAIN + 1))
    assert answer.status_code == 413
    assert inbox.calls == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"entry": None},
        {"entry": [None, {"changes": "x"}, {"changes": [{"field": 5, "value": {}}, {"field": "messages"}]}]},
        {"entry": [{"changes": [{"field": "messages", "value": {"statuses": [None, {}, {"status": "sent"}]}}]}]},
        {"entry": [{"changes": [{"field": "messages", "value": {"statuses": [{"id": "w", "status": "deleted"}]}}]}]},
        {"entry": [{"changes": [{"field": "something_new", "value": {"event": "X"}}]}]},
    ],
)
async def test_what_is_not_understood_is_confirmed_and_left_out(
    provider: WhatsAppProvider, inbox: Inbox, body: dict[str, Any]
) -> None:
    assert await provider.post(body) == 200
    assert (inbox.receipts, inbox.notices) == ({}, {})


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
async def test_what_is_signed_and_no_json_object_is_refused(provider: WhatsAppProvider, content: bytes) -> None:
    headers = {"X-Hub-Signature-256": sign(content, provider.app_secret)}
    async with httpx2.AsyncClient() as client:
        assert (await client.post(provider.webhook, content=content, headers=headers)).status_code == 422


@pytest.mark.parametrize("timestamp", [None, "", "soon", "-5", "9" * 400, "٣"])
async def test_an_odd_time_is_replaced_by_ours(
    provider: WhatsAppProvider, inbox: Inbox, channel: CloudApiChannel, timestamp: str | None
) -> None:
    status = provider.status(await sent(provider, channel), "delivered") | {"timestamp": timestamp}
    assert await provider.post(webhook_body([status], provider.phone_number_id)) == 200
    assert 1_700_000_000_000 < inbox.receipt.at < 4_102_444_800_000


def change(field: str, **value: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"object": "x", "entry": [{"id": "1", "time": 1, "changes": [{"field": field, "value": value}]}]}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            change(
                "template_category_update",
                message_template_name="kewajiban",
                previous_category="UTILITY",
                new_category="MARKETING",
            ),
            (
                NoticeKind.TEMPLATE_CATEGORY,
                "template_category_update; previous_category: UTILITY; new_category: MARKETING",
                "kewajiban",
                None,
            ),
        ),
        (
            change("message_template_status_update", event="PAUSED", message_template_name="kewajiban", reason="x"),
            (
                NoticeKind.TEMPLATE_STATUS,
                "message_template_status_update; event: PAUSED; reason: x",
                "kewajiban",
                False,
            ),
        ),
        (
            change("message_template_status_update", event="APPROVED", message_template_name="kewajiban"),
            (NoticeKind.TEMPLATE_STATUS, "message_template_status_update; event: APPROVED", "kewajiban", True),
        ),
        (
            change(
                "message_template_quality_update",
                message_template_name="kewajiban",
                previous_quality_score="GREEN",
                new_quality_score="RED",
            ),
            (
                NoticeKind.TEMPLATE_QUALITY,
                "message_template_quality_update; previous_quality_score: GREEN; new_quality_score: RED",
                "kewajiban",
                None,
            ),
        ),
        (
            change("phone_number_quality_update", event="DOWNGRADE", current_limit="TIER_250"),
            (
                NoticeKind.NUMBER_QUALITY,
                "phone_number_quality_update; event: DOWNGRADE; current_limit: TIER_250",
                "",
                None,
            ),
        ),
        (
            change("account_alerts", alert_severity="CRITICAL", alert_type="X", alert_description="call Budi"),
            (NoticeKind.ACCOUNT, "account_alerts; alert_severity: CRITICAL; alert_type: X", "", None),
        ),
        (
            change(
                "messages",
                messages=[
                    {"type": "text", "from": "628111", "text": {"body": "halo"}},
                    {
                        "type": "system",
                        "from": "6281234567890",
                        "system": {"type": "user_changed_number", "wa_id": "6281399999999", "body": "Budi pindah"},
                    },
                ],
            ),
            (NoticeKind.NUMBER_CHANGED, "+62•••90", "", None),
        ),
        (
            change("user_changed_user_id", old_user_id="ID.1", new_user_id="ID.2", wa_id="6281234567890"),
            (NoticeKind.USER_ID_CHANGED, "+62•••90", "", None),
        ),
    ],
)
async def test_what_meta_tells_about_the_channel_is_kept_for_the_operator(
    provider: WhatsAppProvider,
    inbox: Inbox,
    body: dict[str, Any],
    expected: tuple[NoticeKind, str, str, bool | None],
) -> None:
    for _ in range(2):
        assert await provider.post(body) == 200

    notice = inbox.notice
    assert (notice.kind, notice.detail, notice.template, notice.usable) == expected
    assert "Budi" not in notice.model_dump_json()


async def test_the_webhook_is_verified_with_the_token(provider: WhatsAppProvider) -> None:
    async with httpx2.AsyncClient() as client:
        query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "<1158201444>"}
        answer = await client.get(provider.webhook, params=query)
        assert (answer.status_code, answer.text) == (200, "<1158201444>")
        assert answer.headers["content-type"].startswith("text/plain")
        for wrong in ({"hub.verify_token": "x"}, {"hub.verify_token": ""}, {"hub.mode": "unsubscribe"}):
            assert (await client.get(provider.webhook, params=query | wrong)).status_code == 403
        assert (await client.get(provider.webhook)).status_code == 403


async def test_without_a_configured_number_there_is_no_webhook(tmp_path: Any) -> None:  # noqa: ANN401 - a path
    inbox = Inbox()
    routes = WebhookRoutes(CloudApiWebhook(), inbox.keep_receipts, inbox.keep_notices)
    app = service_app("notifications", routes.router(), KeyFolderGate(tmp_path))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://satu") as client:
        headers = {"X-Hub-Signature-256": sign(b"{}", "")}
        assert (await client.post("/webhooks/whatsapp", content=b"{}", headers=headers)).status_code == 404
        assert (await client.get("/webhooks/whatsapp", params={"hub.mode": "subscribe"})).status_code == 404
