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


_SECURE = {"Strict-Transport-Security": "max-age=31536000"}
_COOKIE = b"set-cookie"


class SecurityHeaders:
    """ASGI: gives each request a nonce, and each answer the policy that names it; a route may set its own policy.

    secure: the pages are reached over TLS, so that browsers shall use nothing else, also for cookies.
    """

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self._headers = _HEADERS | (_SECURE if secure else {})
        self._secure = secure

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
                    for name, value in self._headers.items():
                        headers.setdefault(name, value)
                if self._secure:
                    message["headers"] = [_over_tls(*each) for each in message["headers"]]
            await send(message)

        await self.app(scope, receive, with_headers)


def _over_tls(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    return name, value + b"; Secure" if name == _COOKIE and b"; secure" not in value.lower() else value


def from_own_page(request: Request) -> bool:
    """Whether a request that changes something was sent by a page of ours, or by a program that is no browser.

    Browsers name the sender in `Sec-Fetch-Site`, over plain HTTP only in `Origin`.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in _OWN
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
