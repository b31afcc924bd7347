"""The demonstration's stand-in for Meta refuses what Meta refuses, and reports by itself."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.notifications.sending.drivers.cloud_api_webhook import read, signed
from shared.demo.whatsapp_sandbox import WhatsAppSandbox
from shared.web.server import Server
from tests.support.providers.hand_overs import PHONE

TEMPLATES = {"salam_v1": "Halo {{1}}, tenggat {{2}}. Salam, {{1}}."}


def body(*texts: str, name: str = "salam_v1", language: str = "id") -> dict[str, Any]:
    parameters = [{"type": "text", "text": text} for text in texts]
    return {
        "to": PHONE,
        "template": {
            "name": name,
            "language": {"code": language},
            "components": [{"type": "body", "parameters": parameters}],
        },
        "biz_opaque_callback_data": "a/1/1",
        "message_send_ttl_seconds": 60,
    }


async def send(sandbox: WhatsAppSandbox, content: object, *, token: str = "") -> httpx2.Response:
    headers = {"Authorization": f"Bearer {token or sandbox.token}"}
    async with httpx2.AsyncClient() as client:
        return await client.post(f"{sandbox.url}/{sandbox.phone_number_id}/messages", json=content, headers=headers)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (body("Budi"), 132000),
        (body("Budi", "besok", "lusa"), 132000),
        (body("Budi", ""), 132012),
        (body("Budi", "satu\ndua"), 132012),
        (body("Budi", "besok", name="salam_v2"), 132001),
        (body("Budi", "besok", language="en"), 132001),
        ([], 100),
        ({}, 132001),
    ],
)
async def test_what_meta_refuses_is_refused(content: object, code: int) -> None:
    async with WhatsAppSandbox(TEMPLATES) as sandbox:
        answer = await send(sandbox, content)
    assert answer.json()["error"]["code"] == code
    assert sandbox.messages == []


async def test_a_message_is_rendered_and_its_statuses_are_posted_and_signed() -> None:
    heard: list[tuple[bytes, str]] = []

    async def hear(request: Request) -> Response:
        heard.append((await request.body(), request.headers["X-Hub-Signature-256"]))
        return Response()

    server = Server(Starlette(routes=[Route("/hook", hear, methods=["POST"])]), "127.0.0.1", 0, stop_seconds=1)
    await server.begin()
    async with WhatsAppSandbox(TEMPLATES) as sandbox:
        sandbox.webhook = f"{server.url}/hook"
        assert (await send(sandbox, body("Budi", "besok"))).status_code == 200
        assert await sandbox.arrived(1, within=5)
        (message,) = sandbox.messages
        await sandbox.reported(within=5)
    await server.end()

    assert message.text == "Halo Budi, tenggat besok. Salam, Budi."
    assert message.statuses == ["sent", "delivered"]
    assert all(signed(content, signature, sandbox.app_secret) for content, signature in heard)
    webhooks = [webhook for content, _ in heard if (webhook := read(content, 1))]
    assert [receipt.state.value for webhook in webhooks for receipt in webhook.receipts] == ["sent", "delivered"]


async def test_the_number_is_shown_to_the_right_token_only() -> None:
    async with WhatsAppSandbox(TEMPLATES) as sandbox, httpx2.AsyncClient() as client:
        url = f"{sandbox.url}/{sandbox.phone_number_id}"
        assert (await client.get(url, headers={"Authorization": f"Bearer {sandbox.token}"})).status_code == 200
        assert (await client.get(url)).status_code == 401
        assert (await send(sandbox, body("a", "b"), token="stolen")).json()["error"]["code"] == 190
        assert not await sandbox.arrived(1, within=0.05)
