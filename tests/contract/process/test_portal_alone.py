"""The portal before, without and after the services that it asks: it says what is missing, and recovers by itself."""

from __future__ import annotations

import socket
from datetime import timedelta
from pathlib import Path

import httpx2

from services.portal.pages.session import PLAIN_COOKIE
from shared.auth import keys
from shared.auth.policy import Role
from shared.runtime.process import Running, running
from shared.settings import load
from tests.support.client import eventually
from tests.support.portal.stand_in import REGION, signed_in

PAGE = "/kurator/kantor/kontak"
AWAY = "sedang tidak menjawab"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


async def test_a_page_says_that_its_owner_is_away_and_shows_it_once_it_answers(tmp_path: Path) -> None:
    port = free_port()
    owners = f"http://127.0.0.1:{port}"
    addresses = {"REGISTRY_URL": owners, "SCORING_URL": owners, "NOTIFICATIONS_URL": owners}
    portal = load(addresses, data_dir=tmp_path / "portal", access_dir=tmp_path / "access", port=0)
    others = load({}, data_dir=tmp_path / "others", access_dir=tmp_path / "access", port=port)
    keys.init(tmp_path / "others", tmp_path / "access")

    async with running(portal, ["portal"]) as process, httpx2.AsyncClient(base_url=process.url, timeout=30) as client:
        client.cookies.set(PLAIN_COOKIE, await signed_in(process.resources["portal"], Role.CURATOR))
        before = await client.get(PAGE)
        home = await client.get("/kurator")
        async with running(others, ["registry", "notifications"]) as services:
            await _register(services)
            during = await eventually(lambda: client.get(PAGE), lambda page: page.status_code == 200)
        after = await client.get(PAGE)

    assert AWAY in before.text
    assert home.status_code == 200
    assert AWAY not in during.text
    assert AWAY in after.text


async def _register(services: Running) -> None:
    token = keys.issue(services.settings.root, keys.Grant("operator", Role.OPERATOR), timedelta(hours=1))
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
    policy = {"obliged_kinds": ["dinas"], "minimum": 1, "counts_when": "submitted", "community_counts": True}
    region = {"code": REGION, "name": "Kabupaten Contoh", "zone": "Asia/Pontianak", "catalogue": "2026.1"}
    async with httpx2.AsyncClient(base_url=services.url, headers=headers) as client:
        answer = await client.post("/registry/v1/regions", json={**region, "policy": policy})
        assert answer.status_code == 201, answer.text
        await eventually(
            lambda: client.get(f"/notifications/v1/alert-policies/{REGION}"), lambda answer: answer.status_code == 200
        )
