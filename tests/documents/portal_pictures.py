"""Pictures of every page of the portal for the documents, on a telephone and on a desk: `make screenshots`.

It runs `satu demo`, becomes each of its people by one click, and follows the links. Of addresses that differ only in an
id, a row or a year, the first is drawn. All names and addresses in the pictures are synthetic.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from collections import deque
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from tests.documents.pictures import demonstration, smaller
from tests.support.paths import ROOT

LOOKS = {"ponsel": 360, "desktop": 1280}
"""Name → width in CSS pixels."""

PEOPLE = {"publik": "publik", "opd": "perangkat daerah", "kurator": "kurator", "sekda": "Sekda"}
"""Key → button in the bar of the demo."""

_TALLEST = 4_000  # pixels of a picture
_MOST = 80  # pages of one person
_WITHIN = 1_200.0  # seconds
_FLAGS = ["--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
_FILE = re.compile(r"\.(csv|xlsx|pdf|zip|json|png|jpg)(\?|$)")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27,}|(?<=/)\d{1,4}(?=/|$)")
_LINKS = "[...document.querySelectorAll('main a[href], nav a[href], header a[href]')].map(a => a.getAttribute('href'))"


async def draw(folder: Path, chromium: str) -> None:
    """Draw all pages into the folder."""
    unconfined = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with demonstration(_WITHIN) as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=[*_FLAGS, *unconfined])
        for look, width in LOOKS.items():
            drawn: set[str] = set()
            for button in PEOPLE.values():
                drawn |= await _pages_of(browser, address, button, width, look, folder, drawn)
        await browser.close()


async def _pages_of(  # noqa: PLR0917 - what one person's round needs
    browser: Browser, address: str, button: str, width: int, look: str, folder: Path, drawn: set[str]
) -> set[str]:
    """Draw what one person can reach and nobody before has drawn; the keys of these pages."""
    page = await browser.new_page(
        viewport={"width": width, "height": 800}, color_scheme="light", locale="id-ID", reduced_motion="reduce"
    )
    await page.goto(f"{address}/")
    await page.get_by_role("complementary", name="Peragaan").get_by_role("button", name=button).click()
    await page.wait_for_load_state()
    waiting, found = deque([page.url.removeprefix(address)]), set[str]()
    while waiting and len(found) < _MOST:
        path = waiting.popleft()
        key = _key(path)
        if key in found or key in drawn or _FILE.search(path):
            continue
        found.add(key)
        await page.goto(f"{address}{path}")
        (folder / f"{key}-{look}.png").write_bytes(smaller(await _shot(page)))
        links = await page.evaluate(_LINKS)
        waiting.extend(each for each in links if each.startswith("/") and not each.startswith("/peragaan"))
    await page.close()
    return found


async def _shot(page: Page) -> bytes:
    height = int(await page.evaluate("document.documentElement.scrollHeight"))
    viewport = page.viewport_size or {"width": 0, "height": 0}
    clip = {"x": 0.0, "y": 0.0, "width": float(viewport["width"]), "height": float(min(height, _TALLEST))}
    return await page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]


def _key(path: str) -> str:
    """The name of a picture: the path of its page, with `satu` for an id, a row or a year, and without a query."""
    plain = _ID.sub("satu", path.partition("?")[0].partition("#")[0])
    return "-".join(part for part in plain.split("/") if part) or "beranda"


def main() -> None:
    """Draw into the folder that is named, by default that of the documents; it is emptied first."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is missing; on Debian: sudo apt-get install chromium")
    folder = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "docs/screenshots/portal"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    asyncio.run(draw(folder, chromium))


if __name__ == "__main__":
    main()
