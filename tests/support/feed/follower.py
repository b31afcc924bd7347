"""Follows the feed over HTTP as another system does: from a cursor, keeping the newest event of each subject."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import httpx2

from tests.support.client import AWAY, Away

Event = dict[str, Any]

PATIENCE = 30.0


class Follower:
    """present: subject → its newest event so far; complete: what the last page said; cursor: where it goes on."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        subjects: str | None = None,
        region: str | None = None,
        limit: int = 500,
        patience: float = PATIENCE,
    ) -> None:
        """subjects: separated by commas; limit: of a page; patience: seconds for which a system that is away is asked
        again."""
        self._url, self._token, self._limit, self._patience = url, token, limit, patience
        self._selection = {
            name: value for name, value in (("subjects", subjects), ("region", region)) if value is not None
        }
        self.present: dict[str, Event] = {}
        self.cursor: str | None = None
        self.complete = False
        self.restarts = 0
        self._unseen: set[str] = set()

    def move_to(self, url: str) -> None:
        """Go on at another address."""
        self._url = url

    async def read(self, *, wait: int | None = None) -> int:
        """Read until there is no more now; how many events came. wait: seconds of a long poll for the first page.
        Raises Away."""
        count = 0
        async with self._client() as http:
            while True:
                page = await self._page(http, wait)
                if page is None:
                    continue
                for event in page["events"]:
                    self.keep(event)
                count += len(page["events"])
                self.cursor, self.complete, wait = page["cursor"], page["complete"], None
                if not page["more"]:
                    for gone in self._unseen:
                        del self.present[gone]
                    self._unseen = set()
                    return count

    async def stream(self) -> AsyncGenerator[Event]:
        """The events of one stream, each already kept, until the feed ends it. Close it with `aclose`."""
        headers = {"Accept": "text/event-stream"}
        after = {"after": self.cursor} if self.cursor else {}
        async with (
            self._client() as http,
            http.stream("GET", "/feed/v1/stream", params={**self._selection, **after}, headers=headers) as answer,
        ):
            answer.raise_for_status()
            data: list[str] = []
            async for line in answer.aiter_lines():
                name, _, value = line.partition(":")
                value = value.removeprefix(" ")
                if name == "data":
                    data.append(value)
                elif name == "id":
                    self.cursor = value
                elif not line and data:
                    event = json.loads("\n".join(data))
                    data = []
                    if "specversion" in event:
                        self.keep(event)
                        yield event

    def keep(self, event: Event) -> None:
        """Keep it if it is newer."""
        subject = event["subject"]
        self._unseen.discard(subject)
        kept = self.present.get(subject)
        if kept is None or kept["sequence"] <= event["sequence"]:
            self.present[subject] = event

    def bodies(self) -> dict[str, str]:
        """Subject → the event, in a form in which equal events are equal texts."""
        return {subject: json.dumps(event, sort_keys=True) for subject, event in self.present.items()}

    def _client(self) -> httpx2.AsyncClient:
        headers = {"Authorization": f"Bearer {self._token}"}
        return httpx2.AsyncClient(base_url=self._url, headers=headers, timeout=60, trust_env=False)

    async def _page(self, http: httpx2.AsyncClient, wait: int | None) -> dict[str, Any] | None:
        """The next page; None when the feed has begun anew, and what is kept must be read again."""
        query: dict[str, str | int] = {**self._selection, "limit": self._limit}
        query |= {name: value for name, value in (("after", self.cursor), ("wait", wait)) if value is not None}
        until = asyncio.get_running_loop().time() + self._patience
        while True:
            try:
                answer = await http.get("/feed/v1/events", params=query)
            except httpx2.TransportError as error:
                why: str = repr(error)
            else:
                if answer.is_success:
                    return dict(answer.json())
                if answer.status_code == httpx2.codes.GONE:
                    assert answer.json()["type"].endswith("feed-restarted"), answer.text
                    assert self.cursor is not None
                    self.cursor, self._unseen = None, set(self.present)
                    self.restarts += 1
                    return None
                assert answer.status_code in AWAY, f"{answer.status_code} {answer.text[:500]}"
                why = str(answer.status_code)
            if asyncio.get_running_loop().time() > until:
                raise Away(why)
            await asyncio.sleep(0.1)
