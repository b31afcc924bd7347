"""A page of events as JSON. The events are the bytes that their owners published, neither decoded nor encoded again."""

from __future__ import annotations

import json
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from starlette.requests import Request
from starlette.responses import Response

from services.feed.latest.page import FeedPage
from shared.contracts.event import Event

_EXAMPLE: dict[str, JsonValue] = {
    "specversion": "1.0",
    "id": "innovation/7b1c9a54-0000-4000-8000-000000000001/0001764669900000",
    "source": "/registry",
    "type": "innovation.submitted",
    "subject": "innovation/7b1c9a54-0000-4000-8000-000000000001",
    "time": "2026-05-05T02:00:00Z",
    "datacontenttype": "application/json",
    "dataschema": "urn:satu-inovasi:event:innovation.submitted:1",
    "sequence": "0001764669900000",
    "region": "61.12",
    "data": {},
}


class CloudEvent(Event):
    """An event, a CloudEvents 1.0 JSON document; `docs/events.md` has its fields and a sample of each type."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [_EXAMPLE]})


class EventsPage(BaseModel):
    """events: the newest event of each subject, in the order in which the feed received them; cursor: `after` of the
    next request, also when there is nothing more now; more: whether the next request finds events at once; complete:
    whether the feed has every subject of its owners; while it has not, do not conclude that a subject is gone."""

    events: list[CloudEvent]
    cursor: Annotated[str, Field(examples=["3f9a1c0b77de-19b2f0c6a31"])]
    more: bool
    complete: bool


def page_answer(request: Request, page: FeedPage) -> Response:
    """The answer, with a `Link` to the next page while there is more. The link keeps all other parameters and has no
    host."""
    cursor = page.cursor.encode()
    rest = json.dumps({"cursor": cursor, "more": page.more, "complete": page.complete})
    body = b'{"events": [%b], %b' % (b", ".join(event.body for event in page.events), rest[1:].encode())
    headers = {}
    if page.more:
        following = request.url.include_query_params(after=cursor)
        headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    return Response(body, media_type="application/json", headers=headers)
