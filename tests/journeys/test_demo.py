"""`satu demo` as a new user runs it: a process, its output, its page in a real browser, Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import socket
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

TIMEOUT = 90.0  # seconds, on a busy machine

pytestmark = pytest.mark.xdist_group("demo")


@dataclass
class Demo:
    """A process of the demonstration and its output."""

    process: subprocess.Popen[bytes]
    output_file: Path

    @property
    def output(self) -> str:
        return self.output_file.read_text(encoding="utf-8")

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Wait until the output matches."""
        until = time.monotonic() + TIMEOUT
        while (match := re.search(pattern, self.output)) is None:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < until, self.output
            time.sleep(0.05)
        return match

    def interrupt(self) -> int:
        """Ctrl-C; the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


def start(data: Path, name: str, *options: str, **variables: str) -> Demo:
    output_file = data.parent / f"{name}.txt"
    environment = {"PATH": os.environ["PATH"], "HOME": str(data), "LANG": "C.UTF-8", "DATA_DIR": str(data), **variables}
    with output_file.open("wb") as out:
        command = [sys.executable, "-m", "shared.cli", "demo", "--port", "0", *options]
        return Demo(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out), output_file)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "data"


@pytest.fixture(scope="module")
def mail_server() -> Iterator[socket.socket]:
    """A listening socket that must get no connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0)
        yield listening


@pytest.fixture(scope="module")
def elsewhere(data: Path) -> Path:
    """Where the variables of the shell point to; nothing may appear there."""
    return data.parent / "elsewhere"


@pytest.fixture(scope="module")
def once(data: Path, elsewhere: Path, mail_server: socket.socket) -> Demo:
    """The first run, in an empty folder, finished; with every setting of a real deployment in its environment."""
    demo = start(
        data,
        "once",
        "--once",
        STORE_URL=f"sqlite:///{elsewhere}/store",
        BUS_URL=f"sqlite:///{elsewhere}/bus.sqlite",
        FILES_URL=(elsewhere / "files").as_uri(),
        ACCESS_DIR=str(elsewhere / "access"),
        OIDC_ISSUER="https://issuer.example",
        OIDC_AUDIENCE="elsewhere",
        BUSINESS_TIME="2031-01-01T00:00:00+07:00",
        HOST="127.0.0.9",
        CHANNEL="email",
        SMTP_URL=f"smtp://127.0.0.1:{mail_server.getsockname()[1]}",
        MAIL_FROM="real@agency.example",
        MAIL_DOMAIN="agency.example",
    )
    demo.process.wait(TIMEOUT)
    return demo


@pytest.fixture(scope="module")
def staying(data: Path, once: Demo) -> Iterator[tuple[Demo, str]]:
    """A second run in the same folder, that stays up; and its address."""
    del once  # it ran before
    demo = start(data, "staying")
    try:
        yield demo, demo.wait_for(r"Halaman peragaan: (http://127\.0\.0\.1:\d+)/")[1]
    finally:
        demo.process.kill()
        demo.process.wait()


def test_it_reports_every_step_and_exits_0(once: Demo) -> None:
    assert once.process.returncode == 0, once.output
    assert "Traceback" not in once.output
    assert "TIDAK TERJADI" not in once.output
    assert "tenggat kewajiban 2025: 31 Desember 2025" in once.output
    assert "31 perangkat daerah terdaftar" in once.output
    assert once.output.count("diajukan: ") == 10, "the Top 10 of 2025"
    assert once.output.count("dinilai: ") == 10
    assert re.search(r"diverifikasi: Spirit – \d+ terverifikasi", once.output)
    assert re.search(r"\d+ perangkat daerah belum memenuhi kewajiban; \d+ surel pengingat", once.output)
    assert "surel terkirim" in once.output
    assert "TANPA KONTAK, dilaporkan kepada kurator" in once.output
    assert re.search(r"\d+ langkah berhasil", once.output)


def test_it_touches_nothing_that_the_environment_names(
    once: Demo, data: Path, elsewhere: Path, mail_server: socket.socket
) -> None:
    assert once.process.returncode == 0, once.output

    assert not elsewhere.exists()
    with pytest.raises(BlockingIOError):
        mail_server.accept()
    assert {"registry.sqlite", "scoring.sqlite", "notifications.sqlite", "bus.sqlite", "mails"} <= {
        each.name for each in (data / "demo").iterdir()
    }
    mails = [each.read_text("utf-8") for each in (data / "demo/mails").iterdir()]
    assert mails
    assert [mail for mail in mails if "agency.example" in mail] == []


def test_it_prints_a_command_that_works_for_each_role(staying: tuple[Demo, str]) -> None:
    demo, _ = staying
    demo.wait_for(r"operator: curl .*\n")
    lines = re.findall(r"(agency|curator|operator): curl -H 'Authorization: (Bearer [^']+)' '([^']+)'", demo.output)

    assert [role for role, _, _ in lines] == ["agency", "curator", "operator"]
    for role, token, url in lines:
        answer = httpx.get(url, headers={"Authorization": token}, trust_env=False)
        assert answer.status_code == 200, (role, answer.text)
        assert answer.json()["items"], role


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1200, 900)], ids=["phone", "desktop"])
async def test_its_page_shows_obligations_scores_and_readable_mails(
    staying: tuple[Demo, str], browser: Browser, width: int, height: int
) -> None:
    _, url = staying
    page = await browser.new_page(viewport={"width": width, "height": height}, locale="id-ID")
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))

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
    mail = mails.first.locator("pre")
    assert not await mail.is_visible()
    await mails.first.locator("summary").click()
    assert await mail.is_visible()
    assert "tenggat" in (await mail.inner_text()).lower()
    assert await overflow(page) == 0, "an open mail does not widen the page"
    assert errors == []
    await page.close()


def test_a_path_that_nothing_has_is_answered_with_a_problem(staying: tuple[Demo, str]) -> None:
    _, url = staying

    answer = httpx.get(f"{url}/metrics")

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def overflow(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return int(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_ctrl_c_after_the_result_exits_0(data: Path, once: Demo) -> None:
    del once
    demo = start(data.with_name("data-2"), "interrupted")
    demo.wait_for(r"operator: curl .*\n")

    assert demo.interrupt() == 0, demo.output
    assert "Traceback" not in demo.output
    assert "rror" not in demo.output


def test_ctrl_c_before_the_result_exits_1_without_a_stack_trace(data: Path) -> None:
    demo = start(data.with_name("data-3"), "early")
    demo.wait_for(r"perangkat daerah terdaftar")

    assert demo.interrupt() == 1, demo.output
    assert "it was stopped before its end" in demo.output
    assert "Traceback" not in demo.output


def test_a_folder_that_no_demo_made_is_left_alone(data: Path) -> None:
    ours = data.with_name("data-4") / "demo"
    ours.mkdir(parents=True)
    (ours / "laporan.txt").write_text("penting")

    demo = start(ours.parent, "refused", "--once")

    assert demo.process.wait(30) == 2
    assert "is not empty and was not made by a demo" in demo.output
    assert (ours / "laporan.txt").read_text() == "penting"
