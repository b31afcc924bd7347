"""Fixtures of the browser tests. All run in the loop of the session, because the browser is started once per worker."""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from shared.auth.policy import Role
from tests.support.portal.process import PortalProcess
from tests.support.portal.screen import Look, drawn, faults_of, opened

_FLAGS = ["--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
_HERE = os.path.dirname(__file__)  # noqa: PTH120 - compared with pytest's paths

Screen = Callable[..., Awaitable[Page]]
"""`await screen("/opd", Role.AGENCY)`: an open page; path: `` for an empty one; look: by default drawn by the seed."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The marker that a module would set, for all of this folder."""
    for item in items:
        if str(item.path).startswith(_HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalProcess]:
    """The process of this worker."""
    process = PortalProcess(tmp_path_factory.mktemp("portal"))
    process.start()
    try:
        yield process
    finally:
        process.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def one_browser(chromium: str) -> AsyncIterator[Browser]:
    """The browser of this worker; each page has a context of its own."""
    unconfined = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium, args=[*_FLAGS, *unconfined])
        try:
            yield launched
        finally:
            await launched.close()


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> random.Random:
    """By the run's seed and the test's name; the seed is printed by pytest."""
    return random.Random(f"{request.config.getoption('randomly_seed')}/{request.node.nodeid}")


@pytest_asyncio.fixture(loop_scope="session")
async def screen(portal: PortalProcess, one_browser: Browser, dice: random.Random) -> AsyncIterator[Screen]:
    """Opens pages; at the end of the test no script may have failed and no content been refused."""
    pages: list[Page] = []

    async def open_page(path: str = "/", role: Role | None = None, *agencies: str, look: Look | None = None) -> Page:
        cookies = [portal.sign_in(role, *agencies)] if role else []
        page = await opened(one_browser, look or drawn(dice), *cookies)
        pages.append(page)
        if path:
            await page.goto(f"{portal.url}{path}")
        return page

    yield open_page
    found = [each for page in pages for each in faults_of(page)]
    for page in pages:
        await page.context.close()
    assert found == []
