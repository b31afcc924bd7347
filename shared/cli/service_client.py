"""What commands that are clients of the services need: an address, a token, requests that are repeated while a service
is busy."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx2

from shared.auth import keys
from shared.auth.policy import Role
from shared.faults import Away, Fault, Flaw, Invalid, Misconfigured
from shared.settings import Settings

ACCOUNT = "satu-command"
"""The account under which a command signs in with the operator's key."""

_LASTS = timedelta(hours=2)
_TRIES = 30
_TIMEOUT = 60.0  # seconds


class Refused(Fault):
    """A service refused the request; the sentence is the service's."""

    slug = "refused-by-service"


def curator_token(settings: Settings, region: str, token: str | None) -> str:
    """The token in the file `token` (`-`: standard input), else one that the operator's key signs for a curator of the
    region. Raises Misconfigured."""
    if token is None:
        return keys.issue(settings.root, keys.Grant(ACCOUNT, Role.CURATOR, region), _LASTS)
    try:
        text = sys.stdin.read() if token == "-" else Path(token).read_text(encoding="utf-8")  # noqa: S105 - no password
    except OSError as error:
        raise Misconfigured([Flaw("--token", "unreadable", f"{token}: {error.strerror}")]) from error
    return text.strip()


class ServiceClient:
    """Sends requests with one token to one address. Methods raise Away when nothing answers, Invalid and Refused."""

    def __init__(self, address: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._http = httpx2.AsyncClient(base_url=address, headers=headers, timeout=_TIMEOUT, trust_env=False)

    async def __aenter__(self) -> Self:
        """The client itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def get(self, path: str, **query: str | int) -> dict[str, Any]:
        """A resource, or one page."""
        answer: dict[str, Any] = (await self.send("GET", path, params=query)).json()
        return answer

    async def every(self, path: str, **query: str | int) -> list[dict[str, Any]]:
        """All items of all pages."""
        items: list[dict[str, Any]] = []
        after: dict[str, str | int] = {}
        while True:
            page = await self.get(path, limit=200, **query, **after)
            items += page["items"]
            if page["next"] is None:
                return items
            after = {"after": page["next"]}

    async def send(self, method: str, path: str, **how: Any) -> httpx2.Response:  # noqa: ANN401 - httpx2's own options
        """Send a request. One that is answered with 503 is repeated for about a minute."""
        for attempt in range(_TRIES):
            try:
                answer = await self._http.request(method, path, **how)
            except httpx2.HTTPError as error:
                raise Away(f"{self._http.base_url} does not answer: {error}") from error
            if answer.status_code != httpx2.codes.SERVICE_UNAVAILABLE or attempt == _TRIES - 1:
                break
            await asyncio.sleep(min(float(answer.headers.get("retry-after", 1)), 2))
        if answer.is_error:
            raise _fault(answer)
        return answer


def _fault(answer: httpx2.Response) -> Fault:
    problem: dict[str, Any] = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    flaws = [Flaw(each["field"], each["code"], each["message"]) for each in problem.get("flaws", ())]
    if flaws:
        return Invalid(flaws, problem.get("detail", ""))
    return Refused(f"{answer.request.url.path}: {answer.status_code} {problem.get('detail', '')}".strip())
