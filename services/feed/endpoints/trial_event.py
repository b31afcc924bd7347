"""The event that is sent to try an endpoint. It is in no contract and in no feed."""

from __future__ import annotations

import json
from datetime import datetime

from services.feed.latest.page import FeedEvent

TEST_TYPE = "endpoint.test"


def trial_event(endpoint: str, region: str, id: str, at: datetime) -> FeedEvent:
    """A CloudEvent of an endpoint about itself. id: of the request for it."""
    subject = f"endpoint/{endpoint}"
    body = {
        "specversion": "1.0",
        "id": f"{subject}/test/{id}",
        "source": "/feed",
        "type": TEST_TYPE,
        "subject": subject,
        "time": at.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "region": region,
        "data": {"endpoint": endpoint},
    }
    return FeedEvent(0, subject, TEST_TYPE, region, json.dumps(body, separators=(",", ":")).encode())
