"""The curator brings a table in: refused with a report, corrected, taken over; and takes tables out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.portal.axe import axe
from tests.support.portal.screen import DESK, Look

pytestmark = pytest.mark.drawn(3)

_WRONG = "Nama,Jenis\nDinas Contoh Impor (sintetis),dinas\nBadan Contoh Impor (sintetis),entah\n"
_RIGHT = _WRONG.replace("entah", "badan")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
async def test_a_table_is_refused_row_by_row_then_corrected_and_taken_over(
    screen: Screen, tmp_path: Path, *, javascript: bool
) -> None:
    wrong, right = tmp_path / "opd.csv", tmp_path / "opd-benar.csv"
    mark = "dengan" if javascript else "tanpa"
    wrong.write_text(_WRONG.replace("Contoh", f"Contoh {mark}"))
    right.write_text(_RIGHT.replace("Contoh", f"Contoh {mark}"))
    page = await screen("/kurator/kantor/impor", Role.CURATOR, look=Look(DESK, javascript=javascript))
    await axe(page) if javascript else None

    async def send(file: Path, *, apply: bool) -> None:
        await page.get_by_label("Jenis tabel").select_option("agencies")
        if apply:
            await page.get_by_label("Masukkan bila semua baris benar").check()
        await page.get_by_label("Berkas", exact=True).set_input_files(file)
        await page.get_by_role("button", name="Kirim").click()
        await page.wait_for_url(re.compile(r"/kurator/kantor/impor/agencies/"))
        while not javascript and await page.get_by_text("sedang dikerjakan").is_visible():
            await page.get_by_role("link", name="Muat ulang").click()

    await send(wrong, apply=False)
    await expect(page.get_by_text("ditolak, tidak ada yang disimpan")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="entah")
    await expect(row.get_by_role("rowheader")).to_have_text("3")
    await expect(row).to_contain_text("kesalahan")
    if javascript:
        await axe(page)

    await page.get_by_role("link", name="Kirim tabel lain").click()
    await send(right, apply=True)
    await expect(page.get_by_text("dimasukkan", exact=True)).to_be_visible()
    await expect(page.locator(".tally")).to_contain_text("2")


async def test_a_file_without_a_kind_is_asked_for_again(screen: Screen) -> None:
    page = await screen("/kurator/kantor/impor", Role.CURATOR)

    await page.get_by_role("button", name="Kirim").click()

    await expect(page.get_by_role("alert")).to_contain_text("Pilih jenis tabel.")
    await expect(page.get_by_role("alert")).to_contain_text("Pilih berkas Excel atau CSV.")
    await axe(page)


async def test_every_file_that_is_offered_can_be_taken_along(screen: Screen) -> None:
    page = await screen("/kurator/kantor/ekspor", Role.CURATOR)
    await axe(page)
    links = [await each.get_attribute("href") for each in await page.locator("a[download]").all()]

    answers = {link: (await page.request.get(f"{page.url.partition('/kurator')[0]}{link}")).status for link in links}

    assert len(answers) > 15
    assert {link: status for link, status in answers.items() if status != 200} == {}


async def test_the_office_leads_to_its_tasks(screen: Screen) -> None:
    page = await screen("/kurator/kantor", Role.CURATOR)
    await axe(page)

    await page.get_by_role("link", name="Impor tabel").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Impor tabel")
