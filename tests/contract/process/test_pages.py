"""The pages of a process: at every path that no service and no `/health` has, also before the service is open."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx2
import pytest

from services.portal import main as portal
from shared.auth import keys
from shared.runtime.process import running
from shared.runtime.service import Resources, Service
from shared.settings import Settings, load
from tests.support.client import eventually

BROWSER = {"accept": "text/html,*/*;q=0.8"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    keys.init(tmp_path, tmp_path / "access")
    return load({}, data_dir=tmp_path, port=0)


async def test_pages_are_served_beside_services_and_health(settings: Settings) -> None:
    async with running(settings, ["registry", "portal"]) as process, httpx2.AsyncClient(base_url=process.url) as client:
        kinds = {
            path: (await client.get(path, headers=BROWSER)).headers["content-type"].partition(";")[0]
            for path in ("/", "/tidak/ada", "/health/live", "/health/none", "/registry/v1/none", "/portal/v1/none")
        }

    html, problem = "text/html", "application/problem+json"
    assert kinds == {
        "/": html,
        "/tidak/ada": html,
        "/health/live": "application/json",
        "/health/none": problem,
        "/registry/v1/none": problem,
        "/portal/v1/none": problem,
    }


async def test_without_the_portal_the_root_links_to_the_api_documents(settings: Settings) -> None:
    async with running(settings, ["registry"]) as process, httpx2.AsyncClient(base_url=process.url) as client:
        assert "/registry/v1/docs" in (await client.get("/")).text
        assert (await client.get("/tidak/ada")).status_code == 404


async def test_while_the_portal_is_not_open_its_pages_say_so_and_assets_are_served(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening, compose = asyncio.Event(), portal.compose

    def late(resources: Resources) -> Service:
        service = compose(resources)
        start = service.start

        async def wait() -> None:
            await opening.wait()
            if start is not None:
                await start()

        object.__setattr__(service, "start", wait)
        return service

    monkeypatch.setattr(portal, "compose", late)
    async with running(settings, ["portal"], wait=False) as process, httpx2.AsyncClient(base_url=process.url) as client:
        page = await client.get("/")
        style = await client.get("/aset/satu.0.css")
        opening.set()
        await eventually(lambda: client.get("/health/serving"), lambda answer: answer.is_success, every=0.01)
        opened = await client.get("/")

    assert (page.status_code, page.headers["retry-after"]) == (503, "5")
    assert "Portal sedang dimulai" in page.text
    assert style.status_code == 200
    assert opened.status_code == 200


async def test_a_service_is_told_the_address_of_its_process(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    compose = portal.compose

    def listening(resources: Resources) -> Service:
        service = compose(resources)
        object.__setattr__(service, "listening", heard.append)
        return service

    monkeypatch.setattr(portal, "compose", listening)
    async with running(settings, ["portal"]) as process:
        assert heard == [process.url]
