"""A stand-in for Meta's WhatsApp Cloud API on loopback: keeps every message, and reports statuses to a webhook.

It checks what Meta checks of a template message (token, template, number of variables, new lines), answers with Meta's
codes, and signs its webhooks as Meta does (`X-Hub-Signature-256`).
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Self

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.clock import Clock
from shared.web.server import Server

_UNFIT = re.compile(r"[\n\t]| {4}")
_VARIABLE = re.compile(r"\{\{(\d+)\}\}")
_BAD_REQUEST, _UNAUTHORIZED, _NOT_FOUND = 400, 401, 404


@dataclass
class WhatsAppMessage:
    """One accepted message. id: `wamid…`; text: the template's with its variables; callback: what the sender wants back
    in each status; ttl: seconds; statuses: reported so far."""

    number: int
    id: str
    to: str
    template: str
    text: str
    callback: str
    ttl: int
    at: datetime
    statuses: list[str] = field(default_factory=list)


class WhatsAppSandbox:
    """A context manager. templates: name → text with `{{1}}`; automatic: statuses that are reported by themselves as
    soon as a message is accepted and `webhook` is set; now: the time to note, business or machine."""

    def __init__(
        self,
        templates: Mapping[str, str],
        *,
        token: str = "sandbox-token",  # noqa: S107 - of the sandbox only
        phone_number_id: str = "100000000000001",
        app_secret: str = "sandbox-secret",  # noqa: S107 - likewise
        automatic: Sequence[str] = ("sent", "delivered"),
        now: Callable[[], datetime] = Clock.machine,
    ) -> None:
        self.templates = dict(templates)
        self.token = token
        self.phone_number_id = phone_number_id
        self.app_secret = app_secret
        self.automatic = tuple(automatic)
        self.webhook = ""
        self.messages: list[WhatsAppMessage] = []
        self.before_answer: Callable[[WhatsAppMessage], Awaitable[None]] | None = None
        self._now = now
        self._server: Server | None = None
        self._reports: set[asyncio.Task[None]] = set()
        self._arrival = asyncio.Event()

    @property
    def url(self) -> str:
        """What WHATSAPP_URL is to be set to, while it runs."""
        if self._server is None:
            raise RuntimeError("the WhatsApp sandbox does not run")
        return f"{self._server.url}/v24.0"

    async def __aenter__(self) -> Self:
        self._server = Server(self.app(), "127.0.0.1", 0, stop_seconds=1)
        await self._server.begin()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._reports:
            task.cancel()
        await asyncio.gather(*self._reports, return_exceptions=True)
        if self._server is not None:
            await self._server.end()

    def app(self) -> Starlette:
        """The ASGI application."""
        number = f"/v24.0/{self.phone_number_id}"
        return Starlette(
            routes=[
                Route(number, self._number, methods=["GET"]),
                Route(f"{number}/messages", self._receive, methods=["POST"]),
            ]
        )

    async def arrived(self, count: int, within: float) -> bool:
        """Wait until `count` messages have arrived; False when they have not within so many seconds."""
        try:
            async with asyncio.timeout(within):
                while len(self.messages) < count:
                    self._arrival.clear()
                    await self._arrival.wait()
        except TimeoutError:
            return False
        return True

    async def reported(self, within: float) -> None:
        """Wait until every status that is reported by itself has been posted. Raises TimeoutError."""
        async with asyncio.timeout(within):
            await asyncio.gather(*self._reports)

    async def answer(self, request: Request, body: dict[str, Any]) -> Response:
        """The answer to one hand-over."""
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return error(190, "Invalid OAuth access token", _UNAUTHORIZED)
        template = body.get("template") or {}
        text = self.templates.get(template.get("name", ""))
        if text is None or (template.get("language") or {}).get("code") != "id":
            return error(132001, "Template name does not exist in the translation", _NOT_FOUND)
        parameters = [
            str(parameter.get("text", ""))
            for component in template.get("components", ())
            if component.get("type") == "body"
            for parameter in component.get("parameters", ())
        ]
        if len(parameters) != len(set(_VARIABLE.findall(text))):
            return error(132000, "Number of parameters does not match the expected number of params")
        if any(_UNFIT.search(each) or not each for each in parameters):
            return error(132012, "Parameter format does not match")
        return await self._accepted(body, _VARIABLE.sub(lambda found: parameters[int(found[1]) - 1], text))

    async def report(self, message: WhatsAppMessage, *states: str, **more: Any) -> None:  # noqa: ANN401 - JSON
        """Post one webhook for each state. more: further fields of the status, such as `errors`."""
        for state in states:
            message.statuses.append(state)
            await self.post(webhook_body([self.status(message, state, **more)], self.phone_number_id))

    def status(self, message: WhatsAppMessage, state: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """A status entry."""
        return {
            "id": message.id,
            "status": state,
            "timestamp": str(int(Clock.machine().timestamp())),
            "recipient_id": message.to.removeprefix("+"),
            "biz_opaque_callback_data": message.callback,
            **more,
        }

    async def post(self, body: dict[str, Any], *, signature: str | None = None) -> int:
        """Post a webhook; the HTTP status of the answer. signature: instead of the right one."""
        content = json.dumps(body).encode()
        signed = sign(content, self.app_secret) if signature is None else signature
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signed}
        async with httpx2.AsyncClient(trust_env=False) as client:
            return (await client.post(self.webhook, content=content, headers=headers)).status_code

    async def _number(self, request: Request) -> Response:
        """What is known of the number: asked to find out whether the token is valid."""
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return error(190, "Invalid OAuth access token", _UNAUTHORIZED)
        return JSONResponse({"id": self.phone_number_id, "verified_name": "Satu Inovasi", "quality_rating": "GREEN"})

    async def _receive(self, request: Request) -> Response:
        try:
            body = await request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return error(100, "Invalid parameter")
        return await self.answer(request, body)

    async def _accepted(self, body: dict[str, Any], text: str) -> Response:
        number = len(self.messages) + 1
        message = WhatsAppMessage(
            number=number,
            id=f"wamid.sandbox{number:06d}",
            to=str(body.get("to")),
            template=str(body["template"]["name"]),
            text=text,
            callback=str(body.get("biz_opaque_callback_data", "")),
            ttl=int(body.get("message_send_ttl_seconds", 0)),
            at=self._now(),
        )
        self.messages.append(message)
        self._arrival.set()
        if self.before_answer is not None:
            await self.before_answer(message)
        if self.webhook and self.automatic:
            task = asyncio.create_task(self.report(message, *self.automatic))
            self._reports.add(task)
            task.add_done_callback(self._reports.discard)
        return JSONResponse(
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": message.to, "wa_id": message.to.removeprefix("+")}],
                "messages": [{"id": message.id, "message_status": "accepted"}],
            }
        )


def error(code: int, title: str, status: int = _BAD_REQUEST, **headers: str) -> Response:
    """An error as Meta answers it."""
    body = {"error": {"message": f"(#{code}) {title}", "type": "OAuthException", "code": code, "fbtrace_id": "sandbox"}}
    return JSONResponse(body, status, headers={name.replace("_", "-"): value for name, value in headers.items()})


def webhook_body(statuses: Sequence[dict[str, Any]], phone_number_id: str) -> dict[str, Any]:
    """A webhook of status entries."""
    metadata = {"display_phone_number": "6280000000000", "phone_number_id": phone_number_id}
    value = {"messaging_product": "whatsapp", "metadata": metadata, "statuses": list(statuses)}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
    }


def sign(content: bytes, secret: str) -> str:
    """The value of `X-Hub-Signature-256`."""
    return f"sha256={hmac.new(secret.encode(), content, sha256).hexdigest()}"
