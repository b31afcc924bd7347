"""Signs a hand-over as Standard Webhooks 1.0 asks, so that a receiver can check it with any of its libraries. Pure, but
for `new_secret`.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from uuid import UUID, uuid5

PREFIX = "whsec_"
_BYTES = 32  # of a secret; the specification allows 24 to 64
_EVENTS = UUID("2f0c6a0e-9a5d-5c55-8c7e-7a0b8f4f6d21")  # of the ids of hand-overs; never changes


def new_secret() -> str:
    """`whsec_` and the base64 of random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def webhook_id(event_id: str) -> str:
    """The same for every hand-over of one event, whatever the process and the endpoint: receivers drop repeats by
    it."""
    return f"evt_{uuid5(_EVENTS, event_id)}"


def signature(secret: str, id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the base64 of the HMAC-SHA256. timestamp: seconds since the epoch."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def signed_headers(secrets: Sequence[str], id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of a hand-over, signed with each secret: while one is replaced, the receiver may know either."""
    return {
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(each, id, timestamp, body) for each in secrets),
    }
