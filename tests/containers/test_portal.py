"""The portal in containers behind the proxy: `satu setup`, then a curator brings agencies in, in a real browser."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.async_api import Browser, expect

from tests.containers.compose import Compose
from tests.support.client import eventually

REGION, MAILBOX = "53.14", "kurator@rotendao.example"
PASSWORD = "perahu-kecil-menuju-pulau"
TABLE = "Nama,Jenis\nDinas Contoh Wadah (sintetis),dinas\nKecamatan Contoh Wadah (sintetis),kecamatan\n"


async def invitations(system: Compose) -> list[dict[str, Any]]:
    """The mails to the curator."""
    async with httpx2.AsyncClient(base_url=system.url, trust_env=False) as sandbox:
        mails = (await sandbox.get("/mail/email")).raise_for_status().json()
    return [mail for mail in mails if MAILBOX in {each["address"] for each in mail["to"]}]


@pytest.mark.browser
async def test_a_region_is_set_up_and_its_curator_signs_in_and_brings_agencies_in(
    system: Compose, browser: Browser, tmp_path: Path
) -> None:
    given = ("--region", REGION, "--name", "Kabupaten Rote Ndao", "--zone", "WITA", "--curator", "Kurator Contoh")
    tools = ("run", "--rm", "--no-TTY", "--user", str(os.getuid()), "tools")
    done = await asyncio.to_thread(system, *tools, "setup", *given, "--email", MAILBOX, "--url", "http://proxy:8080")
    assert "undangan kurator dikirim" in done.stdout
    [mail] = await eventually(lambda: invitations(system), within=60)
    link = re.search(rf"{re.escape(system.url)}/undangan\?kode=\S+", mail["text"])
    assert link is not None, mail["text"]

    page = await browser.new_page(viewport={"width": 360, "height": 740}, locale="id-ID")
    page.set_default_timeout(60_000)
    await page.goto(link[0])
    await page.get_by_label("Kata sandi baru", exact=True).fill(PASSWORD)
    await page.get_by_label("Ulangi kata sandi baru").fill(PASSWORD)
    await page.locator("main form button[type=submit]").click()
    await page.wait_for_url(f"{system.url}/kurator")

    table = tmp_path / "opd.csv"
    table.write_text(TABLE)
    await page.goto(f"{system.url}/kurator/kantor/impor")
    await page.get_by_label("Jenis tabel").select_option("agencies")
    await page.get_by_label("Masukkan bila semua baris benar").check()
    await page.get_by_label("Berkas", exact=True).set_input_files(table)
    await page.get_by_role("button", name="Kirim").click()
    await expect(page.get_by_text("dimasukkan", exact=True)).to_be_visible(timeout=60_000)

    async def listed() -> bool:
        await page.goto(f"{system.url}/kurator/kantor/opd")
        return await page.get_by_role("link", name="Kecamatan Contoh Wadah (sintetis)").count() == 1

    await eventually(listed, within=60)
    await page.get_by_role("button", name="Keluar").click()
    await page.goto(f"{system.url}/kurator")
    assert "/masuk" in page.url
    await page.get_by_label("Alamat surel").fill(MAILBOX)
    await page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    await page.locator("main form button[type=submit]").click()
    await page.wait_for_url(f"{system.url}/kurator")
    await page.close()
