"""`satu demo` as a newcomer meets it: a process, its words, its page in a real browser, Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page

from tests.support.paths import ROOT

PATIENCE = 90.0  # seconds, on a busy machine

pytestmark = pytest.mark.xdist_group("demo")


@dataclass
class Demo:
    """A process of the demonstration, with what it says."""

    process: subprocess.Popen[bytes]
    said: Path

    @property
    def words(self) -> str:
        return self.said.read_text(encoding="utf-8")

    def says(self, pattern: str) -> re.Match[str]:
        """Wait for it."""
        until = time.monotonic() + PATIENCE
        while (match := re.search(pattern, self.words)) is None:
            assert self.process.poll() is None, self.words
            assert time.monotonic() < until, self.words
            time.sleep(0.05)
        return match

    def interrupted(self) -> int:
        """Ctrl-C; the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


def begun(data: Path, name: str, *options: str) -> Demo:
    said = data.parent / f"{name}.txt"
    # Settings that a shell may hold must not reach it: the demonstration stands on nothing but its folder.
    environment = {"PATH": os.environ["PATH"], "HOME": str(data), "LANG": "C.UTF-8", "DATA_DIR": str(data)}
    with said.open("wb") as out:
        command = [sys.executable, "-m", "shared.cli", "demo", "--port", "0", *options]
        return Demo(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out), said)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "data"


@pytest.fixture(scope="module")
def once(data: Path) -> Demo:
    """The first run, in an empty folder, over."""
    demo = begun(data, "once", "--once")
    demo.process.wait(PATIENCE)
    return demo


@pytest.fixture(scope="module")
def staying(data: Path, once: Demo) -> Iterator[tuple[Demo, str]]:
    """A second run in the same folder, that stays up; and its address."""
    del once  # it was there before
    demo = begun(data, "staying")
    try:
        yield demo, demo.says(r"Halaman peragaan: (http://127\.0\.0\.1:\d+)/")[1]
    finally:
        demo.process.kill()
        demo.process.wait()


def test_it_says_what_happens_and_ends_with_success(once: Demo) -> None:
    assert once.process.returncode == 0, once.words
    assert "Traceback" not in once.words
    assert "TIDAK TERJADI" not in once.words
    assert "tenggat kewajiban 2025: 31 Desember 2025" in once.words
    assert "31 perangkat daerah terdaftar" in once.words
    assert once.words.count("diajukan: ") == 10, "the Top 10 of 2025"
    assert once.words.count("dinilai: ") == 10
    assert re.search(r"diverifikasi: Spirit – \d+ terverifikasi", once.words)
    assert re.search(r"\d+ perangkat daerah belum memenuhi kewajiban; \d+ surel pengingat", once.words)
    assert "surel terkirim" in once.words
    assert "TANPA KONTAK, dilaporkan kepada kurator" in once.words
    assert re.search(r"\d+ langkah berhasil", once.words)


def test_each_role_is_given_a_line_that_works(staying: tuple[Demo, str]) -> None:
    demo, _ = staying
    demo.says(r"operator: curl .*\n")
    lines = re.findall(r"(agency|curator|operator): curl -H 'Authorization: (Bearer [^']+)' '([^']+)'", demo.words)

    assert [role for role, _, _ in lines] == ["agency", "curator", "operator"]
    for role, token, url in lines:
        answer = httpx.get(url, headers={"Authorization": token}, trust_env=False)
        assert answer.status_code == 200, (role, answer.text)
        assert answer.json()["items"], role


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1200, 900)], ids=["phone", "desktop"])
async def test_its_page_shows_duties_scores_and_mails_that_can_be_read(
    staying: tuple[Demo, str], browser: Browser, width: int, height: int
) -> None:
    _, url = staying
    page = await browser.new_page(viewport={"width": width, "height": height}, locale="id-ID")
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    answer = await page.goto(f"{url}/")

    assert answer is not None
    assert answer.status == 200
    assert await overflow(page) == 0
    assert await page.locator("html").get_attribute("lang") == "id"
    text = await page.inner_text("body")
    for word in ("Kubu Raya", "Spirit", "Terlambat", "Terpenuhi", "sintetis", "skor kematangan"):
        assert word in text, word
    mails = page.locator("details")
    assert await mails.count() > 0
    letter = mails.first.locator("pre")
    assert not await letter.is_visible()
    await mails.first.locator("summary").click()
    assert await letter.is_visible()
    assert "tenggat" in (await letter.inner_text()).lower()
    assert await overflow(page) == 0, "a letter that is open does not widen the page"
    assert complaints == []
    await page.close()


async def overflow(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return int(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_ctrl_c_ends_it_cleanly(data: Path, once: Demo) -> None:
    del once
    demo = begun(data.with_name("data-2"), "interrupted")
    demo.says(r"operator: curl .*\n")

    assert demo.interrupted() == 0, demo.words
    assert "Traceback" not in demo.words
    assert "rror" not in demo.words


def test_ctrl_c_in_the_middle_is_no_success_and_no_stack_trace(data: Path) -> None:
    demo = begun(data.with_name("data-3"), "early")
    demo.says(r"perangkat daerah terdaftar")

    assert demo.interrupted() == 1, demo.words
    assert "it was stopped before its end" in demo.words
    assert "Traceback" not in demo.words


def test_a_folder_that_no_demonstration_made_is_left_alone(data: Path) -> None:
    ours = data.with_name("data-4") / "demo"
    ours.mkdir(parents=True)
    (ours / "laporan.txt").write_text("penting")

    demo = begun(ours.parent, "refused", "--once")

    assert demo.process.wait(30) == 2
    assert "is not empty and was not made by a demo" in demo.words
    assert (ours / "laporan.txt").read_text() == "penting"
