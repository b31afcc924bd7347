"""A polite HTTP client: its own token, a deterministic `Idempotency-Key` for what creates, `If-Match` for what changes,
and another try when the system asks for one."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any, Self

import httpx

_KEYS = uuid.UUID(
    "6d3c6a52-7a55-5f0e-9a53-2d8f1c1f8a01"
)  # any fixed namespace: keys only have to repeat with the sample
_TRIES = 30


class Refused(Exception):
    """The system answered with a problem document. problem: as it came."""

    def __init__(self, response: httpx.Response) -> None:
        self.problem: dict[str, Any] = response.json() if "json" in response.headers.get("content-type", "") else {}
        super().__init__(
            f"{response.request.method} {response.request.url.path}: {response.status_code} {self.problem}"
        )


class Client:
    """Acts with one token against one address. Answers are JSON objects; raises Refused."""

    def __init__(self, address: str, token: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.AsyncClient(base_url=address, headers=headers, timeout=30, trust_env=False)

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
        """POST under a key made from `key`: asked again, it is the same thing."""
        headers = {"Idempotency-Key": str(uuid.uuid5(_KEYS, key))}
        return self._read(await self._send("POST", path, json=body, headers=headers))

    async def change(self, method: str, path: str, body: dict[str, Any] | None, seen: str) -> dict[str, Any]:
        """PUT or POST with the version of the resource at `seen` as `If-Match`."""
        current = await self._send("GET", seen)
        headers = {"If-Match": current.headers.get("etag", "")}
        return self._read(await self._send(method, path, json=body, headers=headers))

    async def send_csv(self, path: str, text: str, **query: str) -> dict[str, Any]:
        """POST a CSV document."""
        headers = {"Content-Type": "text/csv; charset=utf-8", "Idempotency-Key": str(uuid.uuid5(_KEYS, text))}
        return self._read(await self._send("POST", path, content=text.encode(), params=query, headers=headers))

    async def _send(self, method: str, path: str, **how: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own options
        for attempt in range(_TRIES):
            response = await self._http.request(method, path, **how)
            if response.status_code != httpx.codes.SERVICE_UNAVAILABLE or attempt == _TRIES - 1:
                break
            await asyncio.sleep(min(float(response.headers.get("retry-after", 1)), 5))
        if response.is_error:
            raise Refused(response)
        return response

    @staticmethod
    def _read(response: httpx.Response) -> dict[str, Any]:
        body: dict[str, Any] = response.json() if response.content else {}
        return body
