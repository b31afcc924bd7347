"""The page of the HTTP interface in a real browser: it shows every operation and tries a request."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from playwright.async_api import Browser, Request, expect

from shared.runtime.process import Running, running
from shared.settings import load

pytestmark = pytest.mark.xdist_group("browser")
SOON = 20_000.0  # milliseconds, on a busy machine


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(load({}, data_dir=tmp_path, port=0)) as process:
        yield process


async def test_a_reader_tries_a_request_on_the_page(process: Running, browser: Browser) -> None:
    page = await browser.new_page()
    complaints: list[str] = []
    requested: list[str] = []

    def note(request: Request) -> None:
        requested.append(request.url)

    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", note)
    page.set_default_timeout(SOON)
    await page.goto(f"{process.url}/registry/v1/docs")

    operation = page.locator(".opblock-get", has=page.locator('[data-path="/regions"]'))
    await operation.locator(".opblock-summary").click()
    await operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table .response-col_status").last
    await expect(answer).to_contain_text("200", timeout=SOON)

    assert complaints == []
    assert any("/registry/v1/regions?limit=50" in each for each in requested)
    assert all(each.startswith((process.url, "data:")) for each in requested)


async def test_the_page_allows_no_script_but_its_own_files(process: Running) -> None:
    async with httpx2.AsyncClient(base_url=process.url, trust_env=False) as client:
        page = await client.get("/scoring/v1/docs")
        files = [
            await client.get(f"/scoring/v1/{each}") for each in re.findall(r'(?:src|href)="(docs/[^"]+)"', page.text)
        ]

    policy = page.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert re.findall(r"<script[^>]*>[^<]", page.text) == []
    assert [each.status_code for each in files] == [200, 200, 200]
    assert [each.headers["content-type"].partition(";")[0] for each in files] == [
        "text/css",
        "text/javascript",
        "text/javascript",
    ]
    assert all(each.headers["cache-control"] == "public, max-age=86400" for each in files)
