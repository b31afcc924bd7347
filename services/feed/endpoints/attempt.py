"""One hand-over: signs an event, posts it, and logs how that ended."""

from __future__ import annotations

import json

import structlog

from services.feed.endpoints.connection import WebhookClient
from services.feed.endpoints.delivery import Delivery, DeliveryKind, Result
from services.feed.endpoints.endpoint import Endpoint
from services.feed.endpoints.log import DeliveryLog
from services.feed.endpoints.metrics import DELIVERIES
from services.feed.endpoints.outcome import Outcome
from services.feed.endpoints.signing import signed_headers, webhook_id
from services.feed.latest.page import FeedEvent
from shared.clock import machine_ms
from shared.contracts.asyncapi import CONTENT_TYPE
from shared.observability.failpoints import Failpoint, reach
from shared.storage.repository import Versioned

log = structlog.get_logger("feed")

NO_OUTCOME = Outcome()


class Attempts:
    """Hands over through one client."""

    def __init__(self, client: WebhookClient, deliveries: DeliveryLog) -> None:
        self._client = client
        self._deliveries = deliveries

    async def make(
        self, endpoint: Versioned[Endpoint], event: FeedEvent, kind: DeliveryKind, *, number: int, attempt: int = 1
    ) -> Outcome:
        """Post the event, and write entry `number`. attempt: which one since the last success."""
        at = machine_ms()
        id = webhook_id(event_id(event))
        headers = signed_headers(endpoint.value.signing(at), id, at // 1000, event.body)
        headers["Content-Type"] = f"{CONTENT_TYPE}; charset=utf-8"
        outcome = await self._client.post(endpoint.value.url, headers, event.body)
        if outcome.is_accepted:
            reach(Failpoint.WEBHOOK_ACCEPTED, endpoint.id)
        result = Result.ACCEPTED if outcome.is_accepted else Result.FAILED
        await self.write(endpoint, event, kind, result, number=number, attempt=attempt, outcome=outcome, at=at)
        return outcome

    async def write(
        self,
        endpoint: Versioned[Endpoint],
        event: FeedEvent,
        kind: DeliveryKind,
        result: Result,
        *,
        number: int,
        attempt: int = 1,
        outcome: Outcome = NO_OUTCOME,
        at: int | None = None,
    ) -> None:
        """Write an entry to both logs; ours shows the host, and never the URL."""
        DELIVERIES.labels(result.value).inc()
        if result is not Result.ACCEPTED:
            log.warning(
                "webhook.not_accepted",
                endpoint=endpoint.id,
                host=endpoint.value.host,
                subject=event.subject,
                result=result.value,
                status=outcome.status,
                failure=outcome.failure,
                attempt=attempt,
            )
        id = event_id(event) if event.body else ""
        await self._deliveries.add(
            Delivery(
                endpoint=endpoint.id,
                number=number,
                at=machine_ms() if at is None else at,
                kind=kind,
                event=id,
                type=event.type,
                subject=event.subject,
                webhook_id=webhook_id(id) if id else "",
                result=result,
                status=outcome.status,
                failure=outcome.failure,
                took=outcome.took,
                attempt=attempt,
            )
        )


def event_id(event: FeedEvent) -> str:
    """The event's own id, which the feed does not keep apart from its bytes."""
    id: str = json.loads(event.body)["id"]
    return id
