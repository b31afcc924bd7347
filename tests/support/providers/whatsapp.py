"""Meta's Cloud API on loopback, with failures by script."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.notifications.sending.drivers.cloud_api import CloudApiChannel
from shared.demo.whatsapp_sandbox import WhatsAppSandbox

TEMPLATES = {"kewajiban_v1": "Kewajiban inovasi {{1}} belum terpenuhi. Tenggat {{2}}."}

Fail = Callable[[], Response]


class WhatsAppProvider(WhatsAppSandbox):
    """requests: every body that came, also of refused hand-overs; failures: answers to the next hand-overs instead of
    the usual one; hold: while it is not set, no hand-over is answered."""

    def __init__(self, *, automatic: Sequence[str] = ()) -> None:
        super().__init__(TEMPLATES, automatic=automatic)
        self.requests: list[dict[str, Any]] = []
        self.failures: deque[Fail] = deque()
        self.hold = asyncio.Event()
        self.hold.set()

    def clear(self) -> None:
        """Forget everything, and accept everything."""
        self.messages.clear()
        self.requests.clear()
        self.failures.clear()
        self.hold.set()

    def channel(self, **more: Any) -> CloudApiChannel:  # noqa: ANN401 - fields by name
        """A channel to this provider."""
        return CloudApiChannel(self.token, self.phone_number_id, url=self.url, **more)

    async def answer(self, request: Request, body: dict[str, Any]) -> Response:
        self.requests.append(body)
        if self.failures:
            return self.failures.popleft()()
        answer = await super().answer(request, body)
        await self.hold.wait()
        return answer


@asynccontextmanager
async def whatsapp_provider(*, automatic: Sequence[str] = ()) -> AsyncIterator[WhatsAppProvider]:
    """A running provider. automatic: statuses that it reports by itself."""
    provider = WhatsAppProvider(automatic=automatic)
    async with provider:
        yield provider
