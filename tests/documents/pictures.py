"""Pictures of sample messages as people see them: `python -m tests.documents.pictures [FOLDER]`.

Mails are shown by Chromium at the width of a phone or a desk; a WhatsApp message is drawn in a phone's chat. The facts
are invented samples of the fictional office.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Literal

from playwright.async_api import async_playwright

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.texts.check import preview
from services.notifications.messages.texts.samples import samples
from tests.support.paths import ROOT

PHONE, DESK = 390, 760  # CSS pixels
_FLAGS = ["--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
_LINK = re.compile(r"https?://[^\s<]+")


@dataclass(frozen=True)
class Picture:
    """names: of the samples in the message; scheme: of colours."""

    file: str
    names: tuple[str, ...]
    channel: ChannelName = ChannelName.EMAIL
    width: int = PHONE
    scheme: Literal["light", "dark"] = "light"


PICTURES = (
    Picture("mail-reminder-phone.png", ("duty before-14",)),
    Picture("mail-reminder-dark.png", ("duty before-14",), scheme="dark"),
    Picture("mail-several-phone.png", ("innovation returned", "deadline moved", "duty overdue")),
    Picture("mail-weekly.png", ("report weekly without a price",), width=DESK),
    Picture("whatsapp-phone.png", ("duty before-14", "innovation verified"), ChannelName.WHATSAPP),
)


async def draw(folder: Path, chromium: str) -> None:
    """Draw all pictures into the folder."""
    unconfined = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=[*_FLAGS, *unconfined])
        for picture in PICTURES:
            page = await browser.new_page(
                viewport={"width": picture.width, "height": 600}, device_scale_factor=2, color_scheme=picture.scheme
            )
            await page.set_content(page_of(picture))
            await page.screenshot(path=folder / picture.file, full_page=True)
            await page.close()
        await browser.close()


def page_of(picture: Picture) -> str:
    """The page that is drawn."""
    message = preview([samples()[name] for name in picture.names], picture.channel)
    return message.html if picture.channel is ChannelName.EMAIL else chat_page([message.text])


def chat_page(texts: list[str]) -> str:
    """Messages in a phone's chat, with WhatsApp's marks for bold and italic."""
    bubbles = "\n".join(f'<div class="bubble">{_marked(text)}<span class="time">08.00</span></div>' for text in texts)
    template = (Path(__file__).parent / "chat.html").read_text("utf-8")
    return template.replace("{{ bubbles }}", bubbles)


def _marked(text: str) -> str:
    shown = _LINK.sub(lambda link: f'<a href="{link[0]}">{link[0]}</a>', escape(text, quote=False))
    shown = re.sub(r"(?<!\w)\*([^*\n]+)\*(?!\w)", r"<b>\1</b>", shown)
    shown = re.sub(r"(?<!\w)_([^_\n]+)_(?!\w)", r"<i>\1</i>", shown)
    return shown.replace("\n", "<br>")


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
