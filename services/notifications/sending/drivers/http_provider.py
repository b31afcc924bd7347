"""Calls a provider's HTTP interface over connections that are kept open, and tells apart how a call can fail."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from services.notifications.messages.answer import Answer, AnswerClass
from shared.clock import Clock

if TYPE_CHECKING:
    import httpx2

WHOLE_TIMEOUT = 30.0  # seconds for all of a call
_CONNECT, _WRITE, _READ = 10.0, 10.0, 25.0  # seconds for each of its parts
_KEEP = 4.0  # seconds that an unused connection is kept: less than any server's, so that few calls meet a closed one
_LONGEST_WAIT = 24 * 3600.0


@dataclass(frozen=True)
class Reply:
    """status: of HTTP; body: the JSON object, None when it is none; retry_after: seconds, None when not told."""

    status: int
    body: dict[str, Any] | None
    retry_after: float | None


class HttpProvider:
    """One provider. Safe for many coroutines of one loop; may be used again after `close`."""

    def __init__(self, url: str, headers: Mapping[str, str], *, at_once: int, timeout: float = WHOLE_TIMEOUT) -> None:
        """url: all paths are below it; headers: of every call; timeout: seconds for all of a call."""
        self._url = url.rstrip("/")
        self._headers = dict(headers)
        self._at_once = at_once
        self._timeout = timeout
        self._client: httpx2.AsyncClient | None = None

    async def post(
        self, path: str, *, json: Mapping[str, Any] | None = None, form: Mapping[str, str] | None = None
    ) -> Reply | Answer:
        """The reply, or the answer that stands for a call without one: AWAY when the provider cannot have received it,
        UNANSWERED when it may have, ACCOUNT for a certificate that nobody vouches for."""
        import httpx2  # noqa: PLC0415 - slow to import; only processes with such a provider need it

        try:
            async with asyncio.timeout(self._timeout):
                reply = await self._opened().post(path, json=json, data=form)
                return Reply(reply.status_code, _object(reply.content), _seconds(reply.headers.get("retry-after")))
        except httpx2.ConnectError as error:
            if _bad_certificate(error):
                return Answer(AnswerClass.ACCOUNT, "certificate")
            return Answer(AnswerClass.AWAY, "no-connection")
        except (httpx2.ConnectTimeout, httpx2.PoolTimeout):
            return Answer(AnswerClass.AWAY, "no-connection")
        except (httpx2.HTTPError, TimeoutError):
            return Answer(AnswerClass.UNANSWERED, "no-answer")
        except ValueError:  # a character that no request may contain
            return Answer(AnswerClass.BUG, "not-writable")

    async def close(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _opened(self) -> httpx2.AsyncClient:
        import httpx2  # noqa: PLC0415 - as above

        if self._client is None:
            part = min(self._timeout, _READ)
            self._client = httpx2.AsyncClient(
                base_url=self._url,
                headers=self._headers,
                timeout=httpx2.Timeout(part, connect=min(part, _CONNECT), write=min(part, _WRITE)),
                limits=httpx2.Limits(
                    max_connections=self._at_once, max_keepalive_connections=self._at_once, keepalive_expiry=_KEEP
                ),
            )
        return self._client


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _seconds(header: str | None) -> float | None:
    """The seconds of a `Retry-After` (RFC 9110 §10.2.3): a number, or a date."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return min(float(header), _LONGEST_WAIT)
    try:
        wait = (parsedate_to_datetime(header) - Clock.machine()).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(max(wait, 0.0), _LONGEST_WAIT)


def _bad_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
