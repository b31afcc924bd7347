"""A restore: the feed begins anew and is filled by itself, and its webhook endpoints go on with their secrets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
from standardwebhooks.webhooks import Webhook

from shared.auth import keys
from shared.auth.keys import Grant
from shared.auth.policy import Role
from shared.runtime.process import running
from shared.settings import load
from tests.contract.process.test_lifecycle_commands import Satu, data, register, satu
from tests.support.client import eventually
from tests.support.webhooks.receiver import Receiver, receiving

__all__ = ["data", "satu"]

KEPT, LOST, LATER = "61.12", "61.71", "61.01"


@dataclass
class Reader:
    """A reader of the feed. told: the newest event of each subject that it was told."""

    cursor: str = ""
    told: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def read(self, client: httpx2.AsyncClient) -> httpx2.Response:
        """Follow the cursor to the end; the last answer."""
        while True:
            after = {"after": self.cursor} if self.cursor else {}
            answer = await client.get("/feed/v1/events", params={"limit": 2, **after})
            if answer.is_success:
                page = answer.json()
                self.told |= {each["subject"]: each for each in page["events"]}
                self.cursor = page["cursor"]
            if not answer.is_success or not page["more"]:
                return answer

    async def has(self, client: httpx2.AsyncClient, *subjects: str) -> bool:
        """Whether a complete feed has told these by now."""
        answer = (await self.read(client)).raise_for_status()
        return bool(answer.json()["complete"]) and self.told.keys() >= set(subjects)


@asynccontextmanager
async def served(data: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """All services in this process, and the operator."""
    token = keys.issue(data, Grant("operator", Role.OPERATOR), timedelta(hours=1))
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        running(load({"WEBHOOK_NETWORKS": "127.0.0.0/8"}, data_dir=data, port=0)) as process,
        httpx2.AsyncClient(base_url=process.url, headers=headers, trust_env=False) as client,
    ):
        yield client


async def handed_over(receiver: Receiver, secret: str) -> list[str]:
    """The types of what the receiver got; every signature is that of the secret."""
    return [Webhook(secret).verify(each.body, each.headers)["type"] for each in receiver.requests]


async def test_readers_begin_anew_and_endpoints_go_on(data: Path, satu: Satu, tmp_path: Path) -> None:
    reader = Reader()
    async with receiving() as receiver:
        async with served(data) as client:
            await register(client, KEPT)
            body = {"url": receiver.url, "region": KEPT, "subjects": ["region"]}
            made = await client.post("/feed/v1/endpoints", json=body, headers={"Idempotency-Key": "e"})
            secret, path = made.json()["secret"], f"/feed/v1/endpoints/{made.json()['id']}"
            await eventually(partial(reader.has, client, f"region/{KEPT}"))
            await eventually(lambda: handed_over(receiver, secret), lambda types: types == ["region.registered"])

        assert (await asyncio.to_thread(satu, "backup", tmp_path / "set")).status == 0
        async with served(data) as client:
            await register(client, LOST)
            assert (await client.delete(path, headers={"If-Match": made.headers["etag"]})).status_code == 204
            await eventually(partial(reader.has, client, f"region/{LOST}"))

        restored = await asyncio.to_thread(satu, "restore", tmp_path / "set")
        assert (restored.status, restored.err) == (0, "")
        async with served(data) as client:
            refused = await reader.read(client)
            assert (refused.status_code, refused.json()["type"]) == (410, "/problems/feed-restarted")
            await register(client, LATER)

            anew = Reader()
            await eventually(partial(anew.has, client, f"region/{KEPT}", f"region/{LATER}"))
            assert f"region/{LOST}" not in anew.told
            assert anew.told[f"region/{KEPT}"]["sequence"] > reader.told[f"region/{KEPT}"]["sequence"]

            # The endpoint is there again, and is handed what the new generation of the feed has.
            found = (await client.get(path)).raise_for_status().json()
            assert (found["url"], found["status"]) == (receiver.url, "active")
            await eventually(lambda: handed_over(receiver, secret), lambda types: len(types) > 1)
            assert set(await handed_over(receiver, secret)) == {"region.registered"}
