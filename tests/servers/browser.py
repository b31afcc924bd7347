"""A real browser for tests: Debian's Chromium, driven by Playwright's Python package. No browser is downloaded."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.servers.need import missing

_FLAGS = ["--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The program; in CI, as root, it is installed when it is missing."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None and os.environ.get("CI") and os.geteuid() == 0 and shutil.which("apt-get"):
        without_event = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in ("apt-get update", "apt-get install -y --no-install-recommends chromium"):
            subprocess.run(command.split(), env=without_event, check=False, capture_output=True)
        found = shutil.which("chromium")
    return found or missing("Chromium", "on Debian: sudo apt-get install chromium")


@pytest_asyncio.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """A new browser for each test, without stored state."""
    unconfined = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox refuses to run as root
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium, args=[*_FLAGS, *unconfined])
        try:
            yield launched
        finally:
            await launched.close()
