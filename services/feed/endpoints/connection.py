"""Posts to an endpoint, and connects only to the addresses that were checked.

One connection for each request: no redirects, no proxies, no cookies, no compression, nothing of the answer is kept but
its status and `Retry-After`. The name is resolved once, every address is checked, and one of these is connected to;
the URL's host is sent as `Host` and SNI, and the certificate must be its own.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

import httpcore2

from services.feed.endpoints.addresses import Network, all_allowed
from services.feed.endpoints.outcome import Failure, Outcome
from services.feed.endpoints.resolving import Resolve, resolve
from services.feed.endpoints.schedule import seconds_of
from services.feed.endpoints.target import Target, target_of
from shared.clock import Clock, machine_seconds

SECONDS = 10.0  # over everything: resolving, connecting, TLS, sending, reading
MOST_READ = 64 * 1024  # bytes of the answer's body, which nobody looks at
_CLOSING_SECONDS = 1.0


class NotAllowed(Exception):
    """The host has an address that may not be sent to, or none."""


class WebhookClient:
    """networks: those of WEBHOOK_NETWORKS; trust: the certificates that are trusted, by default the system's."""

    def __init__(
        self,
        networks: Sequence[Network] = (),
        *,
        resolve: Resolve = resolve,
        trust: ssl.SSLContext | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self._networks = networks
        self._resolve = resolve
        self._trust = trust
        self._seconds = seconds

    async def check(self, target: Target) -> None:
        """Raise NotAllowed, or OSError when the host cannot be resolved in time."""
        async with asyncio.timeout(self._seconds):
            await self._checked(target)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Post the body. Never raises for what the receiver does."""
        began = machine_seconds()
        status, failure, retry_after = None, None, None
        pinned: _Pinned | None = None
        try:
            async with asyncio.timeout(self._seconds):
                target = target_of(url)
                pinned = _Pinned(await self._checked(target))
                connection = self._connection(target, pinned)
                response = await connection.handle_async_request(_request(target, headers, body))
                status, retry_after = response.status, _retry_after(response)
                await _read(response)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is that receiver's
            failure = failure_of(error)
        finally:
            if pinned is not None:
                await pinned.close()
        took = round((machine_seconds() - began) * 1000)
        return Outcome(status, None if status is not None else failure, retry_after, took)

    async def _checked(self, target: Target) -> list[str]:
        """The addresses of the host."""
        addresses = await self._resolve(target.host, target.port)
        if not all_allowed(addresses, self._networks, plain=target.is_plain):
            raise NotAllowed
        return addresses

    def _connection(self, target: Target, pinned: _Pinned) -> httpcore2.AsyncHTTPConnection:
        if self._trust is None and target.scheme == "https":
            self._trust = httpcore2.default_ssl_context()
        origin = httpcore2.Origin(target.scheme.encode(), target.host.encode(), target.port)
        return httpcore2.AsyncHTTPConnection(
            origin, ssl_context=self._trust, network_backend=pinned, http1=True, http2=False
        )


class _Pinned(httpcore2.AsyncNetworkBackend):
    """Connects to the first of these addresses that answers, whatever the host's name is. It closes what it opened: a
    TLS handshake that is cut short belongs to no connection of httpcore yet, and nobody else would."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses
        self._opened: httpcore2.AsyncNetworkStream | None = None
        self._backend = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,  # noqa: ARG002 - resolved and checked already
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - of httpcore
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        failed: Exception = httpcore2.ConnectError("no address")
        for address in self._addresses:
            try:
                self._opened = await self._backend.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
            else:
                return self._opened
        raise failed

    async def close(self) -> None:
        """Close the connection without a farewell: nothing is left to be said."""
        if self._opened is not None:
            with suppress(Exception):
                async with asyncio.timeout(_CLOSING_SECONDS):
                    await self._opened.aclose()


def failure_of(error: Exception) -> Failure:
    """Why there was no answer."""
    if isinstance(error, NotAllowed | ValueError):
        return Failure.NOT_ALLOWED
    if isinstance(error, TimeoutError | httpcore2.TimeoutException):
        return Failure.TIMEOUT
    if isinstance(error, httpcore2.ConnectError):
        return Failure.TLS if isinstance(error.__cause__, ssl.SSLError) else Failure.NO_CONNECTION
    return Failure.NOT_RESOLVED if isinstance(error, OSError) else Failure.NO_ANSWER


def _request(target: Target, headers: Mapping[str, str], body: bytes) -> httpcore2.Request:
    whole = {
        "Host": target.authority,
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
        "Content-Length": str(len(body)),
        "User-Agent": "satu-inovasi-webhooks/1",
        **headers,
    }
    url = httpcore2.URL(
        scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path.encode()
    )
    return httpcore2.Request("POST", url, headers=list(whole.items()), content=body)


def _retry_after(response: httpcore2.Response) -> float | None:
    values = [value.decode("latin-1") for name, value in response.headers if name.lower() == b"retry-after"]
    return seconds_of(values[0], Clock.machine()) if values else None


async def _read(response: httpcore2.Response) -> None:
    """Take the answer's body, within limits, so that a receiver can finish what it says."""
    read = 0
    async for part in response.aiter_stream():
        read += len(part)
        if read >= MOST_READ:
            return
