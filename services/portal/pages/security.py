"""The content security policy of pages, with a nonce for each answer, and where a form may come from."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.web.problems import MEDIA_TYPE

NONCE_KEY = "satu.portal.nonce"
"""The key in a request's ASGI scope of the nonce that the page's scripts carry."""

_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "connect-src 'self'; frame-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Referrer-Policy": "same-origin",  # with `no-referrer` browsers would send forms with `Origin: null`
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_OWN = frozenset({"same-origin", "none"})


class SecurityHeaders:
    """ASGI: gives each request a nonce, and each answer the policy that names it; a route may set its own policy."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = scope[NONCE_KEY] = secrets.token_urlsafe(16)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type") != MEDIA_TYPE:  # a problem document has those of every interface
                    headers.setdefault("Content-Security-Policy", _POLICY.format(nonce=nonce))
                    for name, value in _HEADERS.items():
                        headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers)


def from_own_page(request: Request) -> bool:
    """Whether a request that changes something was sent by a page of ours, or by a program that is no browser.

    Browsers name the sender in `Sec-Fetch-Site`, over plain HTTP only in `Origin`.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in _OWN
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
