"""The `/webhooks` routes: what providers report. They have no token; each provider proves itself by its signature."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Header, Query, Request, Response
from starlette.responses import PlainTextResponse

from services.notifications.sending.channel import KeepReceipts
from services.notifications.sending.drivers.cloud_api_webhook import read, signed
from services.notifications.sending.notices.notice import ChannelNotice
from shared.auth.policy import EVERYBODY
from shared.clock import machine_ms
from shared.faults import Flaw, Forbidden, Invalid, NotFound
from shared.web.routes import Routes, get, post

KeepNotices = Callable[[Iterable[ChannelNotice]], Awaitable[object]]


@dataclass(frozen=True)
class CloudApiWebhook:
    """app_secret: Meta signs webhooks with it; verify_token: what Meta must show when the webhook is set up;
    phone_number_id: of our number. All empty: WhatsApp by the Cloud API is not configured."""

    app_secret: str = ""
    verify_token: str = ""
    phone_number_id: str = ""


class WebhookRoutes(Routes):
    """keep_receipts, keep_notices: store durably, before the answer."""

    prefix = "/webhooks"
    tag = "webhooks"

    def __init__(self, cloud_api: CloudApiWebhook, keep_receipts: KeepReceipts, keep_notices: KeepNotices) -> None:
        self._cloud_api = cloud_api
        self._keep_receipts = keep_receipts
        self._keep_notices = keep_notices

    @get("/whatsapp", *EVERYBODY, response_class=PlainTextResponse)
    async def verify_whatsapp(
        self,
        *,
        mode: Annotated[str, Query(alias="hub.mode", max_length=100)] = "",
        token: Annotated[str, Query(alias="hub.verify_token", max_length=500)] = "",
        challenge: Annotated[str, Query(alias="hub.challenge", max_length=500)] = "",
    ) -> PlainTextResponse:
        """Answer Meta's challenge when the webhook is set up."""
        self._require_configured()
        same = hmac.compare_digest(token.encode(), self._cloud_api.verify_token.encode())
        if mode != "subscribe" or not same:
            raise Forbidden("Token verifikasi webhook tidak cocok.")
        return PlainTextResponse(challenge, headers={"X-Content-Type-Options": "nosniff"})

    @post("/whatsapp", *EVERYBODY, response_class=Response)
    async def receive_whatsapp(
        self,
        *,
        request: Request,
        signature: Annotated[str, Header(alias="X-Hub-Signature-256", max_length=200)] = "",
    ) -> Response:
        """Receive statuses of messages and notices about templates and account, as Meta's Cloud API posts them. The
        body is read only if it is signed with the app's secret. 200 means: stored."""
        self._require_configured()
        body = await request.body()
        if not signed(body, signature, self._cloud_api.app_secret):
            raise Forbidden("Tanda tangan webhook tidak cocok.")
        webhook = read(body, machine_ms(), self._cloud_api.phone_number_id)
        if webhook is None:
            raise Invalid([Flaw("body", "json-invalid", "bukan objek JSON")])
        if webhook.receipts:
            await self._keep_receipts(webhook.receipts)
        if webhook.notices:
            await self._keep_notices(webhook.notices)
        return Response(status_code=200)

    def _require_configured(self) -> None:
        if not (self._cloud_api.app_secret and self._cloud_api.verify_token):
            raise NotFound("WhatsApp tidak dipakai di sini.")
