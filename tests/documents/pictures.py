"""Pictures of the demonstration for the documents: `python -m tests.documents.pictures [FOLDER]`.

It runs `satu demo` and draws, in Chromium, its page, mails as they came out of its SMTP server, and a chat as its
WhatsApp sandbox shows it. All names and addresses in them are synthetic.
"""

from __future__ import annotations

import asyncio
import io
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from PIL import Image
from playwright.async_api import Browser, async_playwright

from tests.support.paths import ROOT

PHONE, NARROW, DESK, WIDE = 390, 360, 760, 1200  # CSS pixels
COLOURS = 160
_FLAGS = ["--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
_ADDRESS = re.compile(r"Portal: (http://\S+?)/\s")
_WITHIN = 180.0  # seconds
_SCROLL = """each => {
  const screen = each.closest('.screen');
  screen.scrollTop += each.parentElement.getBoundingClientRect().top - screen.getBoundingClientRect().top - 12;
}"""


class Picture(NamedTuple):
    """What to draw. path: of the demo; about: words in the subject of a mail, then path is its recipient; part: a
    selector, empty: the page; height: CSS pixels of the page from its top, 0: all; below: text to scroll to."""

    file: str
    width: int
    path: str = "/peragaan/"
    about: str = ""
    part: str = ""
    height: int = 0
    below: str = ""
    scale: float = 1.5
    scheme: Literal["light", "dark"] = "light"


PICTURES = (
    Picture("demo.png", WIDE, height=1040, scale=1),
    Picture("demo-phone.png", NARROW, height=1320),
    Picture("mail-phone.png", PHONE, "inovasi@kec-sungai-raya.kuburaya.example", "Tenggat inovasi"),
    Picture(
        "mail-dark-phone.png", PHONE, "inovasi@pkm-sungai-radak.kuburaya.example", "terbuka kembali", scheme="dark"
    ),
    Picture("mail-sekda.png", DESK, "sekda@setda.kuburaya.example", "Laporan mingguan", scale=1),
    Picture("whatsapp-phone.png", PHONE, part=".chats", below="berubah dari"),
)


async def draw(folder: Path, chromium: str) -> None:
    """Draw all pictures into the folder."""
    unconfined = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with demonstration() as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=[*_FLAGS, *unconfined])
        for picture in PICTURES:
            (folder / picture.file).write_bytes(smaller(await shot(browser, address, picture)))
        await browser.close()


async def shot(browser: Browser, address: str, picture: Picture) -> bytes:
    """One picture as PNG."""
    page = await browser.new_page(
        viewport={"width": picture.width, "height": picture.height or 800},
        device_scale_factor=picture.scale,
        color_scheme=picture.scheme,
        locale="id-ID",
    )
    try:
        if picture.about:
            await page.goto(f"{address}/peragaan/?surel={picture.path}")
            mail = page.locator("details", has=page.get_by_text(picture.about)).first.get_by_role(
                "link", include_hidden=True
            )
            await page.goto(f"{address}{await mail.last.get_attribute('href')}")
        else:
            await page.goto(f"{address}{picture.path}")
        if picture.below:
            found = page.locator(picture.part).get_by_text(picture.below).first
            await found.evaluate(_SCROLL)
        if picture.part:
            return await page.locator(picture.part).screenshot()
        return await page.screenshot(full_page=not picture.height)
    finally:
        await page.close()


def smaller(png: bytes) -> bytes:
    """The same picture with a palette."""
    into = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
        into, "PNG", optimize=True
    )
    return into.getvalue()


@asynccontextmanager
async def demonstration(within: float = _WITHIN) -> AsyncIterator[str]:
    """`satu demo` in a process of its own, after its last step; its address. within: seconds for all that is done."""
    with tempfile.TemporaryDirectory() as data:
        command = (sys.executable, "-m", "shared.cli", "demo", "--port", "0")
        environment = {"PATH": os.environ["PATH"], "HOME": data, "LANG": "C.UTF-8", "DATA_DIR": data}
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE
        )
        try:
            async with asyncio.timeout(within):
                yield await _address(process)
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGINT)
            await process.wait()


async def _address(process: asyncio.subprocess.Process) -> str:
    output = ""
    while process.stdout is not None and (line := await process.stdout.readline()):
        output += line.decode()
        if found := _ADDRESS.search(output):
            return found[1]
    sys.exit(f"the demonstration failed:\n{output}")


def main() -> None:
    """Draw into the folder that is named, by default that of the documents."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is missing; on Debian: sudo apt-get install chromium")
    folder = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "docs/screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(draw(folder, chromium))


if __name__ == "__main__":
    main()
