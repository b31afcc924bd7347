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
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import httpx2
import pytest
from playwright.async_api import Browser, Page

from tests.support.paths import ROOT

TIMEOUT = 240.0  # seconds, on a busy machine; a run takes about 16

COMMAND = ("shared.cli", "demo")
SOONER = ("tests.support.faults.killed_process", "never", "demo")
"""The same, with shorter waits between two looks at the clock."""

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


def start(data: Path, name: str, *options: str, command: tuple[str, ...] = COMMAND, **variables: str) -> Demo:
    output_file = data.parent / f"{name}.txt"
    environment = {"PATH": os.environ["PATH"], "HOME": str(data), "LANG": "C.UTF-8", "DATA_DIR": str(data), **variables}
    with output_file.open("wb") as out:
        arguments = [sys.executable, "-m", *command, "--port", "0", *options]
        return Demo(subprocess.Popen(arguments, cwd=ROOT, env=environment, stdout=out, stderr=out), output_file)


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
        FONNTE_TOKEN="real",
        PUBLIC_URL="https://agency.example",
    )
    demo.process.wait(TIMEOUT)
    return demo


@pytest.fixture(scope="module")
def staying(data: Path, once: Demo) -> Iterator[tuple[Demo, str]]:
    """A second run in the same folder, that stays up; and its address. It ends by Ctrl-C, without a word."""
    del once  # it ran before
    demo = start(data, "staying", command=SOONER)
    try:
        yield demo, demo.wait_for(r"Portal: (http://127\.0\.0\.1:\d+)/")[1]
        before = demo.output
        assert demo.interrupt() == 0, demo.output
        assert demo.output == before
    finally:
        demo.process.kill()
        demo.process.wait()


def test_it_reports_every_step_and_exits_0(once: Demo) -> None:
    assert once.process.returncode == 0, once.output
    assert "Traceback" not in once.output
    assert "TIDAK TERJADI" not in once.output
    for line in (
        "tenggat kewajiban 2025: 30 November 2025",
        "31 perangkat daerah terdaftar",
        "33 kontak diimpor, 3 di antaranya lewat WhatsApp, satu hanya telepon kantor",
        "ditolak tanpa konfirmasi: Mode live akan segera mengirim 37 pesan kepada 32 orang",
        "dikonfirmasi: 32 orang, 37 pesan; pengiriman dimulai",
        "surel petugas Dinas Pemberdayaan Masyarakat dan Desa ditolak: kepalanya",
        "dikembalikan: Gestur – Puskesmas Sungai Radak; kewajibannya terbuka kembali",
        "diajukan kembali: Gestur; kewajibannya terpenuhi lagi",
        "tenggat dipindahkan dari 30 November 2025 menjadi 31 Desember 2025",
        "tenggat lewat: 21 perangkat daerah menunggu bukti, belum ada yang disebut terlambat",
        "hari libur: 21 orang diberi tahu mulai 02-01-2026 07.00 WIB",
        "terlambat: Kecamatan Kubu – WhatsApp terkirim",
        "terlambat: Kecamatan Terentang – TANPA KONTAK, dilaporkan",
        "diajukan setelah tenggat: Contoh Susulan (sintetis) – Dinas Perhubungan, tercatat terlambat",
        "laporan mingguan kepada kurator dan Sekda: 20 melewati tenggat, 2 tidak dapat dihubungi",
    ):
        assert line in once.output, line
    assert once.output.count("diajukan: ") == 10, "the Top 10 of 2025"
    assert once.output.count("dinilai: ") == 10
    assert once.output.count("terlambat: ") == 21
    assert re.search(r"diverifikasi: Spirit – \d+ terverifikasi", once.output)
    assert re.search(
        r"\d+ surel diserahkan, 1[2-6] WhatsApp sampai, 1 alamat ditolak; .* tidak ada yang dua kali", once.output
    )
    assert re.search(r"\d+ langkah berhasil", once.output)


def test_each_mail_that_arrived_is_for_the_right_reader_and_says_what_happened(once: Demo, data: Path) -> None:
    assert once.process.returncode == 0, once.output
    mails = [read_mail(each) for each in sorted((data / "demo/mails").iterdir())]

    def texts(to: str) -> list[str]:
        return [f"{mail['Subject']}\n{body(mail)}" for mail in mails if to in mail["To"].addresses[0].addr_spec]

    returned = texts("pkm-sungai-radak")
    assert [("dikembalikan" in text, "telah dinilai" in text) for text in returned if "Gestur" in text] == [
        (False, True),
        (True, False),
        (False, True),
    ], "scored, returned, scored again"
    moved = [text for text in texts("kec-sungai-raya") if "berubah dari" in text]
    assert len(moved) == 1
    for phrase in ("30 November 2025", "31 Desember 2025", "Keputusan contoh 2/2025 (sintetis)"):
        assert phrase in moved[0]
    assert texts("petugas-lama@dpmd") == []
    assert len([text for text in texts("kepala@dpmd") if "melewati tenggat" in text]) == 1
    assert len([text for text in texts("kurator@") if "tidak dapat dihubungi melalui surel" in text]) == 1
    weekly = [text for text in texts("sekda@") if text.startswith("Laporan mingguan")][-1]
    assert [text.split("\n")[0] for text in texts("sekda@") if "Undangan" in text] == ["Undangan akun Satu Inovasi"]
    assert "11 terpenuhi, 0 belum terpenuhi, 0 menunggu verifikasi, 20 melewati tenggat" in weekly
    assert "Kecamatan Teluk Pakedai; 2025; 1 Januari 2026; kontaknya tanpa surel" in weekly
    assert "Kecamatan Terentang; 2025; 1 Januari 2026; tidak ada kontak" in weekly
    assert all("Dinas" not in text.split("\n", 1)[0] for text in texts("sekda@")), "the Sekda gets lists only"


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
    assert len(mails) > 100
    assert [mail for mail in mails if "agency.example" in mail] == []


def test_it_prints_a_command_that_works_for_each_role(staying: tuple[Demo, str]) -> None:
    demo, _ = staying
    demo.wait_for(r"operator: curl .*\n")
    lines = re.findall(r"(agency|curator|operator): curl -H 'Authorization: (Bearer [^']+)' '([^']+)'", demo.output)

    assert [role for role, _, _ in lines] == ["agency", "curator", "operator"]
    for role, token, url in lines:
        answer = httpx2.get(url, headers={"Authorization": token}, trust_env=False)
        assert answer.status_code == 200, (role, answer.text)
        assert answer.json()["items"], role


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(360, 740), (1200, 900)], ids=["phone", "desktop"])
async def test_its_page_shows_two_phones_obligations_and_scores_without_scripts(
    staying: tuple[Demo, str], browser: Browser, width: int, height: int
) -> None:
    _, url = staying
    page = await browser.new_page(
        viewport={"width": width, "height": height}, locale="id-ID", java_script_enabled=False
    )
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)

    answer = await page.goto(f"{url}/peragaan/")

    assert answer is not None
    assert answer.status == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline'; ")
    assert await overflow(page) == 0
    text = await page.inner_text("body")
    for words in (
        "Kubu Raya",
        "Melewati tenggat",
        "Terpenuhi, terlambat",
        "Diverifikasi sejak 22 Okt 2025",
        "sintetis",
    ):
        assert words in text, words
    assert await page.locator(".rows").last.locator("li").count() == 11, "all innovations with their scores"
    mail = page.locator(".mails details").first
    assert not await mail.locator("pre").is_visible()
    await mail.locator("summary").click()
    assert "Satu Inovasi" in await mail.locator("pre").inner_text()
    assert await overflow(page) == 0, "an open mail does not widen the page"
    chats = page.locator(".chats details")
    assert await chats.count() == 3
    await chats.filter(has_text="Kecamatan Kubu").locator("summary").click()
    bubble = chats.filter(has_text="Dinas Kesehatan").locator(".bubble").first
    assert "telah lewat" in await bubble.inner_text()
    assert "dibaca" in await bubble.inner_text()
    assert "sampai" in await chats.filter(has_text="Kecamatan Kubu").locator(".foot").first.inner_text()
    assert errors == []
    await page.close()


@pytest.mark.browser
async def test_a_mailbox_is_chosen_and_a_mail_opened_as_a_mail_reader_shows_it(
    staying: tuple[Demo, str], browser: Browser
) -> None:
    _, url = staying
    page = await browser.new_page(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    await page.goto(f"{url}/peragaan/")

    await page.locator("select").select_option(label="Sekretaris Daerah")
    await page.get_by_role("button", name="Buka").click()

    addresses = await page.locator(".mails summary .soft:nth-child(2)").all_inner_texts()
    assert set(addresses) == {"sekda@setda.kuburaya.example"}
    report = page.locator(".mails details").filter(has_text="Laporan mingguan").first
    await report.locator("summary").click()
    await report.get_by_role("link").click()
    assert "20 melewati tenggat" in await page.inner_text("body")
    assert await overflow(page) == 0
    link = page.get_by_role("link", name="Buka Satu Inovasi")
    answer = await page.goto(await link.get_attribute("href") or "")
    assert answer is not None
    assert answer.status == 200, "the link works for its reader"
    await page.close()


@pytest.mark.browser
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
async def test_one_click_on_the_portal_is_to_be_an_agency_the_curator_the_sekda_or_the_public(
    staying: tuple[Demo, str], browser: Browser, *, javascript: bool
) -> None:
    _, url = staying
    page = await browser.new_page(viewport={"width": 360, "height": 740}, java_script_enabled=javascript)
    await page.goto(f"{url}/")

    for button, path, words in (
        ("perangkat daerah", "/opd", "Contoh Rancangan (sintetis)"),
        ("kurator", "/kurator", "Yang perlu Anda kerjakan"),
        ("Sekda", "/pimpinan", "Kubu Raya"),
        ("publik", "/", "Masuk"),
    ):
        await page.get_by_role("complementary", name="Peragaan").get_by_role("button", name=button).click()
        await page.wait_for_url(f"{url}{path}")
        assert words in await page.inner_text("body"), button
        assert await overflow(page) == 0, button
    await page.get_by_role("link", name="Surel dan WhatsApp").click()
    await page.wait_for_url(f"{url}/peragaan/")
    await page.close()


def test_nobody_signs_in_by_a_form_of_another_site(staying: tuple[Demo, str]) -> None:
    _, url = staying

    answer = httpx2.post(
        f"{url}/peragaan/masuk", data={"sebagai": "kurator"}, headers={"Origin": "https://other.example"}
    )

    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


def test_a_path_that_nothing_has_is_answered_with_a_problem(staying: tuple[Demo, str]) -> None:
    _, url = staying

    answer = httpx2.get(f"{url}/metrics")

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def overflow(page: Page) -> int:
    """Pixels by which the page is wider than the window. Works where the page's own scripts are off."""
    return int(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def read_mail(path: Path) -> EmailMessage:
    """A mail as it was received."""
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def body(mail: EmailMessage) -> str:
    """The plain part."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


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
