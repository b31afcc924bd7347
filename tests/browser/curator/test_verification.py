"""The curator checks a submission: row by row, by keyboard, with and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.portal.axe import axe
from tests.support.portal.process import PortalProcess
from tests.support.portal.screen import DESK, PHONE, Look
from tests.support.portal.submissions import ask_withdrawal, asked, submitted
from tests.support.small_files import PDF_FILE


async def _focused(page: Page) -> str:
    return str(await page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))


async def _tab_to(page: Page, id: str) -> None:
    for _ in range(80):
        await page.keyboard.press("Tab")
        if await _focused(page) == id:
            return
    raise AssertionError(f"{id} is not reached by Tab")


async def test_a_submission_is_verified_by_keyboard_alone(portal: PortalProcess, screen: Screen) -> None:
    id = submitted(portal, "Siap Antar")
    page = await screen(f"/kurator/inovasi/{id}", Role.CURATOR, look=Look(DESK))

    await _tab_to(page, "level-16")
    await page.keyboard.press("ArrowDown")  # from 3, the first, to 2
    await page.keyboard.press("Tab")
    await _tab_to(page, "level-17")
    await page.keyboard.press("Space")
    await _tab_to(page, "Verifikasi")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("heading", level=1)).to_have_text("Keputusan tersimpan")
    it = asked(portal, f"/registry/v1/innovations/{id}")
    assert it["status"] == "verified"
    assert {row: each["verified_level"] for row, each in it["evidence"].items()} == {"16": 2, "17": 3}
    await expect(page.locator("#kabar")).to_contain_text("terverifikasi")
    assert await _focused(page) == "kabar", "the focus is at what was said"
    assert await page.evaluate("Object.keys(sessionStorage).length") == 0, "what was sent is not kept"


async def test_the_evidence_is_read_beside_the_form_which_keeps_what_was_chosen(
    portal: PortalProcess, screen: Screen
) -> None:
    id = submitted(portal, "Bukti Samping", files={"16": PDF_FILE})
    page = await screen(f"/kurator/inovasi/{id}", Role.CURATOR, look=Look(DESK))

    await page.locator("#level-17").check()
    await page.get_by_role("link", name="Lihat 1 bukti di samping (16)").click()
    beside = page.frame_locator("iframe[name=bukti]")
    await expect(beside.get_by_role("heading", name="surat keputusan.pdf")).to_be_visible()
    await expect(beside.locator(".precheck")).not_to_contain_text("Periksa isi berkas ini")
    answer = await page.request.get(portal.url + str(await beside.locator("iframe.proof-shown").get_attribute("src")))
    assert answer.headers["content-type"] == "application/pdf"
    assert await answer.body() == PDF_FILE
    assert await page.locator("#level-17").is_checked()


@pytest.mark.sampled(1)
@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_without_javascript_a_submission_is_returned_with_remarks(
    portal: PortalProcess, screen: Screen, width: int
) -> None:
    id = submitted(portal, f"Kembali Dulu {width}")
    page = await screen(f"/kurator/inovasi/{id}", Role.CURATOR, look=Look(width, javascript=False))

    await page.get_by_role("button", name="Kembalikan dengan catatan").click()
    summary = page.locator(".error-summary")
    await expect(summary).to_contain_text("Tulis paling sedikit satu catatan")
    await page.get_by_role("group", name="Ketersediaan dan peran SDM").get_by_text("Catatan", exact=False).first.click()
    await page.locator("#catatan-17").fill("Surat belum menyebut peran tiap orang.")
    await page.locator("#level-16").check()
    await page.get_by_role("button", name="Kembalikan dengan catatan").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Keputusan tersimpan")
    it = asked(portal, f"/registry/v1/innovations/{id}")
    assert it["status"] == "returned"
    assert it["comments"] == {"17": "Surat belum menyebut peran tiap orang."}
    assert it["evidence"]["16"]["verified_level"] == 3


async def test_what_is_missing_is_told_and_the_focus_goes_there(portal: PortalProcess, screen: Screen) -> None:
    id = submitted(portal, "Belum Lengkap Dinilai")
    page = await screen(f"/kurator/inovasi/{id}", Role.CURATOR)

    await page.locator("#level-16").check()
    await page.get_by_role("button", name="Verifikasi", exact=True).click()

    await expect(page.locator(".error-summary")).to_be_focused()
    await axe(page)
    await page.get_by_role("link", name="Pilih level untuk indikator 17").click()
    assert await _focused(page) == "level-17"
    assert await page.locator("#level-16").is_checked(), "what was chosen is still there"
    await page.locator("#sebagian").check()
    await page.get_by_role("button", name="Verifikasi", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Keputusan tersimpan")


async def test_whoever_decides_on_an_old_version_sees_the_new_one_first(portal: PortalProcess, screen: Screen) -> None:
    id = submitted(portal, "Dua Kurator")
    first = await screen(f"/kurator/inovasi/{id}", Role.CURATOR, look=Look(DESK))
    second = await screen(f"/kurator/inovasi/{id}", Role.CURATOR, look=Look(DESK))
    for page in (first, second):
        await page.locator("#level-16").check()
        await page.locator("#level-17").check()

    await first.get_by_role("button", name="Verifikasi", exact=True).click()
    await expect(first.get_by_role("heading", level=1)).to_have_text("Keputusan tersimpan")
    await second.locator("#level-17-1").check()
    await second.get_by_role("button", name="Verifikasi", exact=True).click()

    await expect(second.locator(".error-summary")).to_contain_text("berubah sejak halaman Anda buka")
    assert await second.locator("#level-17-1").is_checked()
    await second.get_by_role("button", name="Simpan level").click()
    await expect(second.get_by_role("heading", level=1)).to_have_text("Keputusan tersimpan")
    assert asked(portal, f"/registry/v1/innovations/{id}")["evidence"]["17"]["verified_level"] == 1


async def test_an_innovation_is_moved_and_its_withdrawal_is_decided(portal: PortalProcess, screen: Screen) -> None:
    id = submitted(portal, "Pindah Rumah")
    other = portal.told.agencies["dishub"]
    page = await screen(f"/kurator/inovasi/{id}/pindah", Role.CURATOR)

    await page.locator("#opd").select_option(other)
    await page.get_by_role("button", name="Pindahkan").click()
    await expect(page.locator(".error-summary")).to_contain_text("Wajib diisi")
    await page.locator("#alasan").fill("Tugasnya beralih (contoh).")
    await page.get_by_role("button", name="Pindahkan").click()
    await expect(page.locator("#kabar")).to_contain_text("dipindahkan")
    assert asked(portal, f"/registry/v1/innovations/{id}")["agency"] == other

    for row in ("16", "17"):
        await page.locator(f"#level-{row}").check()
    await page.get_by_role("button", name="Verifikasi", exact=True).click()
    await expect(page.get_by_role("link", name="Lihat inovasi yang baru diputuskan")).to_be_visible()
    ask_withdrawal(portal, id, other)
    await page.get_by_role("link", name="Lihat inovasi yang baru diputuskan").click()
    await page.get_by_role("link", name="Putuskan permintaan ini").click()
    await page.get_by_role("button", name="Tolak permintaan").click()
    await expect(page.locator(".error-summary")).to_contain_text("Tulis alasan")
    await page.locator("#alasan").fill("Layanan masih dipakai warga (contoh).")
    await page.get_by_role("button", name="Tolak permintaan").click()
    await expect(page.locator("#kabar")).to_contain_text("tetap terverifikasi")
    assert asked(portal, f"/registry/v1/innovations/{id}")["withdrawal"] is None
    await page.get_by_role("link", name="Tarik", exact=True).click()
    await page.locator("#alasan").fill("Layanan sudah dihentikan (contoh).")
    await page.get_by_role("button", name="Tarik inovasi ini").click()
    await expect(page.locator("#kabar")).to_contain_text("ditarik")
    assert asked(portal, f"/registry/v1/innovations/{id}")["status"] == "withdrawn"
