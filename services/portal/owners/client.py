"""An HTTP client for each owner: with the person's token, short time limits, and faults that pages can show.

Nothing is repeated here: a command that was not answered may have been carried out, and its `Idempotency-Key` or
version makes a repetition by the person harmless.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Protocol

import httpx2

from services.portal.owners.answers import Answer, OwnerAway, answer_of
from services.portal.owners.multipart import Multipart
from services.portal.pages.session import SignedIn
from shared.faults import NotFound
from shared.observability import tracing
from shared.web.app import mount_of

READ_SECONDS, WRITE_SECONDS = 3.0, 10.0
_SILENCE = 30.0  # seconds without a byte while a file is sent or received
_CONNECTIONS = httpx2.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=5.0)
_PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[\w.~@:,+-]+)+", re.ASCII)
Query = Mapping[str, str | int | None]


class Tokens(Protocol):
    """Issues tokens for sessions."""

    async def token_for(self, session: str) -> str:
        """A token of the session's account. Raises Unauthenticated when the session has ended."""


class NoTokens:
    """Issues none."""

    async def token_for(self, session: str) -> str:  # noqa: ARG002 - as `Tokens`
        """An empty one: asks as the public."""
        return ""


class Owners:
    """The three owners: `owners.registry(session)`; session None asks as the public."""

    def __init__(self, tokens: Tokens, addresses: Mapping[str, str]) -> None:
        """addresses: of services that are in other processes, by name."""
        self._tokens = tokens
        self._addresses = {name: address.rstrip("/") for name, address in addresses.items() if address}
        self._here = ""
        self._http: httpx2.AsyncClient | None = None

    def listening(self, url: str) -> None:
        """The address of this process, where all services are whose address is not set."""
        self._here = url

    def registry(self, session: SignedIn | None) -> OwnerClient:
        """Regions, agencies, innovations, evidence."""
        return self._of("registry", session)

    def scoring(self, session: SignedIn | None) -> OwnerClient:
        """Catalogues, scorecards, indices, rankings."""
        return self._of("scoring", session)

    def notifications(self, session: SignedIn | None) -> OwnerClient:
        """Duties, contacts, alerts, messages."""
        return self._of("notifications", session)

    def address(self, owner: str) -> str:
        """Where a service answers; empty before this process listens."""
        return self._addresses.get(owner, self._here)

    async def close(self) -> None:
        """Close all connections."""
        if self._http is not None:
            await self._http.aclose()

    def _of(self, owner: str, session: SignedIn | None) -> OwnerClient:
        if self._http is None:
            self._http = httpx2.AsyncClient(trust_env=False, limits=_CONNECTIONS, follow_redirects=False)
        base = f"{self.address(owner)}{mount_of(owner)}"
        return OwnerClient(owner, base, self._http, self._tokens, session.session if session else None)


class OwnerClient:
    """Requests to one owner in one person's name. Paths are below the owner's mount: `/innovations/<id>`.

    All methods raise OwnerProblem, OwnerAway, NotFound for a path that no owner has (ids come from addresses that
    anybody can type), and Unauthenticated when the session has ended. version: the ETag that the person has seen; key:
    of a creation, the same when the same form is sent again.
    """

    def __init__(self, owner: str, base: str, http: httpx2.AsyncClient, tokens: Tokens, session: str | None) -> None:
        self.owner = owner
        self._base = base
        self._http = http
        self._tokens = tokens
        self._session = session

    async def get(self, path: str, **query: str | int | None) -> Answer:
        """Read. A query parameter that is None is left out."""
        return await self._send("GET", path, READ_SECONDS, query=query)

    async def post(
        self,
        path: str,
        body: object = None,
        *,
        version: str = "",
        key: str = "",
        query: Query | None = None,
        content: bytes | None = None,
        media_type: str = "",
        visitor: str = "",
    ) -> Answer:
        """Create, or command. body: JSON; content with media_type: anything else; visitor: the address of the person
        who is asked for without a session, by which the owner limits how much it takes."""
        return await self._send(
            "POST",
            path,
            WRITE_SECONDS,
            body,
            version=version,
            key=key,
            query=query,
            content=content,
            kind=media_type,
            visitor=visitor,
        )

    async def put(
        self,
        path: str,
        body: object = None,
        *,
        version: str = "",
        query: Query | None = None,
        content: bytes | None = None,
        media_type: str = "",
    ) -> Answer:
        """Replace. body, content: as in `post`."""
        return await self._send(
            "PUT", path, WRITE_SECONDS, body, version=version, query=query, content=content, kind=media_type
        )

    async def delete(self, path: str, body: object = None, *, version: str = "", query: Query | None = None) -> Answer:
        """Remove."""
        return await self._send("DELETE", path, WRITE_SECONDS, body, version=version, query=query)

    async def send_file(
        self,
        method: str,
        path: str,
        file: Multipart,
        *,
        version: str = "",
        key: str = "",
        query: Query | None = None,
    ) -> Answer:
        """Pass a file on while it arrives: nothing is kept here."""
        headers = await self._headers(version, key) | {"content-type": file.media_type}
        with self._reached():
            answer = await self._http.request(
                method,
                self._base + _plain(path),
                content=file.body(),
                headers=headers,
                params=_given(query),
                timeout=httpx2.Timeout(_SILENCE, connect=READ_SECONDS),
            )
        return answer_of(self.owner, answer.status_code, answer.headers, answer.content)

    @asynccontextmanager
    async def stream(self, path: str, **query: str | int | None) -> AsyncIterator[Download]:
        """Receive a file: within the block its headers are known and its bytes arrive."""
        headers = await self._headers("", "")
        timeout = httpx2.Timeout(_SILENCE, connect=READ_SECONDS)
        with self._reached():
            async with self._http.stream(
                "GET", self._base + _plain(path), headers=headers, params=_given(query), timeout=timeout
            ) as answer:
                if answer.status_code >= httpx2.codes.BAD_REQUEST:
                    answer_of(self.owner, answer.status_code, answer.headers, await answer.aread())
                yield Download(answer)

    async def _send(
        self,
        method: str,
        path: str,
        seconds: float,
        body: object = None,
        *,
        version: str = "",
        key: str = "",
        query: Query | None = None,
        content: bytes | None = None,
        kind: str = "",
        visitor: str = "",
    ) -> Answer:
        headers = await self._headers(version, key)
        if visitor:
            headers["x-forwarded-for"] = visitor
        if kind:
            headers["content-type"] = kind
        with self._reached():
            async with asyncio.timeout(seconds):
                answer = await self._http.request(
                    method,
                    self._base + _plain(path),
                    headers=headers,
                    params=_given(query),
                    timeout=seconds,
                    **({"json": body} if body is not None else {"content": content}),
                )
        return answer_of(self.owner, answer.status_code, answer.headers, answer.content)

    async def _headers(self, version: str, key: str) -> dict[str, str]:
        trace = tracing.current()
        headers = {
            "accept": "application/json",
            "x-correlation-id": trace.correlationid,
            "traceparent": trace.traceparent,
        }
        if self._session is not None and (token := await self._tokens.token_for(self._session)):
            headers["authorization"] = f"Bearer {token}"
        if version:
            headers["if-match"] = version
        if key:
            headers["idempotency-key"] = key
        return headers

    def _reached(self) -> _Reached:
        return _Reached(self.owner)


class _Reached:
    """Turns whatever keeps an answer from arriving into OwnerAway."""

    def __init__(self, owner: str) -> None:
        self._owner = owner

    def __enter__(self) -> None:
        """Nothing yet."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Raises OwnerAway."""
        if isinstance(error, TimeoutError):
            raise OwnerAway(self._owner, "no answer in time") from error
        if isinstance(error, httpx2.HTTPError | httpx2.InvalidURL):
            raise OwnerAway(self._owner, type(error).__name__) from error


class Download:
    """A file that arrives."""

    def __init__(self, answer: httpx2.Response) -> None:
        self.headers: Mapping[str, str] = answer.headers
        self._answer = answer

    async def chunks(self) -> AsyncIterator[bytes]:
        """Its bytes."""
        async for chunk in self._answer.aiter_bytes():
            yield chunk


def _plain(path: str) -> str:
    """The path itself: an id with a `?` or `..` in it would ask for something else. Raises NotFound."""
    if not _PATH.fullmatch(path):
        raise NotFound
    return path


def _given(query: Query | None) -> dict[str, Any]:
    return {name: value for name, value in (query or {}).items() if value is not None}
