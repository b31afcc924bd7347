"""An HTTP client that sends a token, a repeatable `Idempotency-Key` with what creates, `If-Match` with what changes,
and tries again when the answer has `Retry-After`."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any, Self

import httpx2

_KEYS = uuid.UUID("6d3c6a52-7a55-5f0e-9a53-2d8f1c1f8a01")  # a fixed namespace, so that keys repeat with the sample
_TRIES = 30


class Refused(Exception):
    """The answer was a problem document, which is `problem`."""

    def __init__(self, response: httpx2.Response) -> None:
        self.status = response.status_code
        self.problem: dict[str, Any] = response.json() if "json" in response.headers.get("content-type", "") else {}
        super().__init__(
            f"{response.request.method} {response.request.url.path}: {response.status_code} {self.problem}"
        )


class Client:
    """Sends requests with one token to one address. Answers are JSON objects. Raises Refused."""

    def __init__(self, address: str, token: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx2.AsyncClient(base_url=address, headers=headers, timeout=30, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def get(self, path: str, **query: str | int) -> dict[str, Any]:
        """The resource, or one page."""
        return self._read(await self._send("GET", path, params=query))

    async def every(self, path: str, **query: str | int) -> list[dict[str, Any]]:
        """All items of all pages."""
        items: list[dict[str, Any]] = []
        after: dict[str, str | int] = {}
        while True:
            page = await self.get(path, limit=200, **query, **after)
            items += page["items"]
            if not page["next"]:
                return items
            after = {"after": page["next"]}

    async def create(self, path: str, body: dict[str, Any], key: str) -> dict[str, Any]:
        """POST with an `Idempotency-Key` made from `key`: a repeat creates nothing new."""
        headers = {"Idempotency-Key": str(uuid.uuid5(_KEYS, key))}
        return self._read(await self._send("POST", path, json=body, headers=headers))

    async def change(self, method: str, path: str, body: dict[str, Any] | None, seen: str) -> dict[str, Any]:
        """PUT or POST with the present version of the resource at `seen` as `If-Match`."""
        current = await self._send("GET", seen)
        headers = {"If-Match": current.headers.get("etag", "")}
        return self._read(await self._send(method, path, json=body, headers=headers))

    async def put(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """PUT what needs no version."""
        return self._read(await self._send("PUT", path, json=body))

    async def page(self, method: str, path: str) -> str:
        """An HTML page."""
        return (await self._send(method, path, headers={"Accept": "text/html"})).text

    async def send_csv(self, path: str, text: str, **query: str) -> dict[str, Any]:
        """POST a CSV document."""
        headers = {"Content-Type": "text/csv; charset=utf-8", "Idempotency-Key": str(uuid.uuid5(_KEYS, text))}
        return self._read(await self._send("POST", path, content=text.encode(), params=query, headers=headers))

    async def _send(self, method: str, path: str, **how: Any) -> httpx2.Response:  # noqa: ANN401 - httpx2's own options
        for attempt in range(_TRIES):
            response = await self._http.request(method, path, **how)
            if response.status_code != httpx2.codes.SERVICE_UNAVAILABLE or attempt == _TRIES - 1:
                break
            await asyncio.sleep(min(float(response.headers.get("retry-after", 1)), 5))
        if response.is_error:
            raise Refused(response)
        return response

    @staticmethod
    def _read(response: httpx2.Response) -> dict[str, Any]:
        body: dict[str, Any] = response.json() if response.content else {}
        return body
