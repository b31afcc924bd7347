"""The secret of a session's forms, shown in a form that differs each time, so that compression tells nothing of it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

from markupsafe import Markup

FIELD = "csrf"
"""The name of the hidden field."""

HEADER = "x-csrf-token"
"""The header of a request that has no form."""

_BYTES = 32


def shown(secret: str) -> str:
    """The secret with a mask, and the mask."""
    mask = secrets.token_bytes(_BYTES)
    return base64.urlsafe_b64encode(mask + _mixed(mask, secret)).decode().rstrip("=")


def is_right(given: str, secret: str) -> bool:
    """Whether a form carries the secret of its session."""
    try:
        raw = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))
    except (binascii.Error, ValueError):
        return False
    return len(raw) == 2 * _BYTES and hmac.compare_digest(raw[_BYTES:], _mixed(raw[:_BYTES], secret))


def field(secret: str | None) -> Markup:
    """The hidden field; nothing for a page without a session."""
    if secret is None:
        return Markup()
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, shown(secret))


def _mixed(mask: bytes, secret: str) -> bytes:
    digest = hashlib.sha256(secret.encode()).digest()
    return bytes(one ^ other for one, other in zip(mask, digest, strict=True))
