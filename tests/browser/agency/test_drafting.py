"""An agency's way from an idea to the receipt, on a phone, with and without JavaScript."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from playwright.async_api import Page, Route, expect

from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.client import eventually
from tests.support.portal.axe import axe
from tests.support.portal.bureau import Bureau
from tests.support.portal.process import PortalProcess
from tests.support.portal.screen import PHONE, Look, holds
from tests.support.precheck.pdfs import pdf_of

LETTER = pdf_of(["KEPUTUSAN BUPATI", "NOMOR 188.45/12/2025", "TENTANG", "ANTREAN ANGKUTAN SUNGAI"])
WORDS = "kata " * 310


@pytest_asyncio.fixture(loop_scope="session")
async def bureau(portal: PortalProcess) -> AsyncIterator[Bureau]:
    async with Bureau(portal) as bureau:
        yield bureau


async def press(page: Page, text: str) -> None:
    await page.get_by_role("button", name=text).click()


async def follow(page: Page, text: str) -> None:
    await page.get_by_role("link", name=text).first.click()


async def fill_in(page: Page) -> None:
    """Every step of the profile but one answer."""
    await follow(page, "Nama dan jenis inovasi")
    for label in ("Penerapan", "Digital", "Pelayanan publik"):
        await page.get_by_label(label, exact=True).check()
    await press(page, "Simpan dan lanjutkan")
    await page.get_by_label("OPD", exact=True).check()
    await page.get_by_label("Nama inisiator").fill("Nama Contoh")
    await page.get_by_label("Perangkat Daerah", exact=True).check()
    await press(page, "Simpan dan lanjutkan")
    await page.get_by_label("Urusan utama").select_option("perhubungan")
    await press(page, "Simpan dan lanjutkan")
    await expect(page.get_by_role("heading", name="Asta Cita dan program nasional")).to_be_visible()
    await press(page, "Simpan dan lanjutkan")
    await page.get_by_label("Waktu penerapan").fill("2025-05-05")
    await press(page, "Simpan dan lanjutkan")
    await page.get_by_label("Rancang bangun inovasi").fill(WORDS)
    await press(page, "Simpan dan lanjutkan")
    for label in ("Tujuan inovasi", "Manfaat yang diperoleh"):
        await page.get_by_label(label).fill("Contoh.")
    await press(page, "Simpan dan kembali ke daftar tugas")


async def prove(page: Page, draft: str, *, javascript: bool) -> None:
    """Claim a level of one indicator, and upload its proof."""
    await page.goto(f"{draft}/bukti/16")
    await page.get_by_label("Level 2: Peraturan Kepala Daerah").check()
    await press(page, "Simpan dan kembali ke daftar tugas")
    await page.goto(f"{draft}/bukti/16")
    await expect(page.locator("#poin")).to_contain_text("0 dari 9 poin")
    letter: Any = {"name": "SK (contoh).pdf", "mimeType": "application/pdf", "buffer": LETTER}
    await page.get_by_label("Tambah berkas").set_input_files(letter)
    await press(page, "Unggah")
    await expect(page.locator(".evidence-file")).to_contain_text("SK (contoh).pdf")
    await expect(page.locator("#poin")).to_contain_text("6 dari 9 poin")
    if javascript:
        await expect(page.locator(".precheck-findings")).to_contain_text("Nomor surat belum diisi")
        await axe(page)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
async def test_an_agency_drafts_proves_and_submits_on_a_phone(
    screen: Screen, bureau: Bureau, *, javascript: bool
) -> None:
    agency = await bureau.new_agency()
    page = await screen("/opd", Role.AGENCY, agency, look=Look(PHONE, javascript=javascript))
    await follow(page, "Mulai inovasi baru")
    await page.get_by_label("Nama inovasi").fill("Antrean Angkutan Sungai")
    await press(page, "Buat rancangan")
    await expect(page.get_by_text("Belum ada yang dikirim kepada kurator")).to_be_visible()
    draft = page.url

    await fill_in(page)
    await expect(page.get_by_text("1 hal masih harus dilengkapi")).to_be_visible()
    await page.goto(f"{draft}/ajukan")
    await page.get_by_role("link", name="Hasil inovasi wajib diisi").click()
    await page.get_by_label("Hasil inovasi").fill("Contoh.")
    await press(page, "Simpan dan kembali ke daftar tugas")
    await expect(page.get_by_text("Inovasi ini belum diajukan")).to_be_visible()
    await expect(page.locator(".sending").get_by_text("Belum diajukan", exact=True)).to_be_visible()

    await prove(page, draft, javascript=javascript)
    await page.goto(f"{draft}/ajukan")
    await press(page, "Ajukan sekarang")
    await expect(page.get_by_role("heading", name="Inovasi sudah diajukan")).to_be_visible()
    await expect(page.locator(".receipt")).to_contain_text("Antrean Angkutan Sungai")
    if javascript:
        await expect(page.locator("#skor")).to_contain_text("6 dari 111 poin")
        assert await page.evaluate("sessionStorage.length") == 0
    kept = await bureau.innovation(draft.rpartition("/")[2])
    assert (kept["status"], kept["profile"]["main_affair"]) == ("submitted", "perhubungan")


async def test_a_step_can_be_filled_in_by_keyboard_alone(screen: Screen, bureau: Bureau) -> None:
    agency = await bureau.new_agency()
    draft = await bureau.new_draft(agency, initiator_name=None, classification=None)
    page = await screen(f"/opd/inovasi/{draft}/profil/inisiator", Role.AGENCY, agency)

    async def tab_to(id: str) -> None:
        for _ in range(40):
            if await page.evaluate("document.activeElement.id") == id:
                return
            await page.keyboard.press("Tab")
        raise AssertionError(id)

    await tab_to("initiator_name")
    await page.keyboard.type("Nama Contoh")
    await tab_to("classification")
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("heading", name="Urusan pemerintahan")).to_be_visible()
    assert await page.evaluate("document.activeElement.tagName") == "H1"
    profile = (await bureau.innovation(draft))["profile"]
    assert (profile["initiator_name"], profile["classification"]) == ("Nama Contoh", "perangkat_daerah")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("cuts", [3, pytest.param(10, marks=pytest.mark.soak)])
async def test_a_connection_that_is_cut_again_and_again_loses_nothing(
    screen: Screen, bureau: Bureau, cuts: int
) -> None:
    agency = await bureau.new_agency()
    draft = await bureau.new_draft(agency, purpose=None)
    page = await screen(f"/opd/inovasi/{draft}/profil/tujuan", Role.AGENCY, agency)
    text = page.get_by_label("Tujuan inovasi")
    await text.focus()

    for cut in range(cuts):
        await page.context.set_offline(True)
        await page.keyboard.type(f"Bagian {cut}. ")
        if cut % 2:
            await page.wait_for_timeout(1_100)  # a save is tried, and fails
        await page.context.set_offline(False)
        if cut % 3 == 1:
            await page.reload()  # as a browser does that has put the page away
            await expect(text).to_have_value("".join(f"Bagian {n}. " for n in range(cut + 1)))
            await text.focus()
            await page.keyboard.press("Control+End")

    whole = "".join(f"Bagian {n}. " for n in range(cuts)).strip()
    await eventually(lambda: bureau.innovation(draft), lambda it: it["profile"]["purpose"] == whole, within=8)
    await expect(page.get_by_text("Tersimpan otomatis pukul")).to_be_visible()
    page.faults.clear()  # type: ignore[attr-defined]  # htmx tells each failed request


async def test_two_people_in_one_answer_see_both_versions(screen: Screen, bureau: Bureau) -> None:
    agency = await bureau.new_agency()
    draft = await bureau.new_draft(agency, purpose="Lama.", benefit="Lama.")
    page = await screen(f"/opd/inovasi/{draft}/profil/tujuan", Role.AGENCY, agency, look=Look(javascript=False))
    path = f"/registry/v1/innovations/{draft}"
    profile = {**(await bureau.innovation(draft))["profile"], "purpose": "Dari rekan.", "benefit": "Dari rekan."}
    await bureau.officer(agency).change("PUT", path, {"profile": profile}, of=path)

    await page.get_by_label("Tujuan inovasi").fill("Dari saya.")
    await press(page, "Simpan dan kembali ke daftar tugas")

    await expect(page.get_by_text("Isian ini juga diubah orang lain")).to_be_visible()
    await expect(page.locator("#stored-purpose")).to_contain_text("Dari rekan.")
    await expect(page.get_by_label("Tujuan inovasi")).to_have_value("Dari saya.")
    assert (await bureau.innovation(draft))["profile"]["purpose"] == "Dari rekan."
    await page.get_by_label("Manfaat yang diperoleh").fill("Dari rekan.")
    await press(page, "Simpan dan kembali ke daftar tugas")
    await expect(page.get_by_text("2. Data pendukung")).to_be_visible()
    kept = (await bureau.innovation(draft))["profile"]
    assert (kept["purpose"], kept["benefit"]) == ("Dari saya.", "Dari rekan.")


async def test_what_somebody_else_has_just_changed_is_not_overwritten_while_typing(
    screen: Screen, bureau: Bureau
) -> None:
    agency = await bureau.new_agency()
    draft = await bureau.new_draft(agency, purpose="Lama.")
    page = await screen(f"/opd/inovasi/{draft}/profil/tujuan", Role.AGENCY, agency)
    path = f"/registry/v1/innovations/{draft}"
    profile = {**(await bureau.innovation(draft))["profile"], "purpose": "Dari rekan."}
    await bureau.officer(agency).change("PUT", path, {"profile": profile}, of=path)

    await page.get_by_label("Tujuan inovasi").press_sequentially(" Dari saya.")

    await expect(page.get_by_text("Orang lain baru saja mengubah isian yang sama")).to_be_visible(timeout=20_000)
    assert await page.evaluate("document.activeElement.id") == "purpose"
    assert (await bureau.innovation(draft))["profile"]["purpose"] == "Dari rekan."
    await press(page, "Simpan dan kembali ke daftar tugas")
    await expect(page.locator("#stored-purpose")).to_contain_text("Dari rekan.")
    await expect(page.locator(".error-summary")).to_be_focused()
    await page.get_by_label("Tujuan inovasi").press_sequentially("Lagi.")
    await page.wait_for_timeout(1_500)  # longer than a save while typing waits
    assert (await bureau.innovation(draft))["profile"]["purpose"] == "Dari rekan.", "the person has not decided yet"
    await press(page, "Simpan dan kembali ke daftar tugas")
    await expect(page.get_by_text("2. Data pendukung")).to_be_visible()
    assert "Dari saya." in (await bureau.innovation(draft))["profile"]["purpose"]


@pytest.mark.parametrize("status", [200, 503])
async def test_what_is_typed_while_a_save_is_on_its_way_is_saved_after_it(
    screen: Screen, bureau: Bureau, status: int
) -> None:
    agency = await bureau.new_agency()
    draft = await bureau.new_draft(agency, purpose=None)
    page = await screen(f"/opd/inovasi/{draft}/profil/tujuan", Role.AGENCY, agency)
    arrived, answer = asyncio.Event(), asyncio.Event()

    async def slowly(route: Route) -> None:
        arrived.set()
        await answer.wait()
        await (route.continue_() if status == httpx2.codes.OK else route.fulfill(status=status, body="<p>Sibuk.</p>"))

    await page.route("**/simpan", slowly, times=1)
    text = page.get_by_label("Tujuan inovasi")
    await text.press_sequentially("Pertama.")
    await arrived.wait()
    await text.press_sequentially(" Kedua.")
    answer.set()

    await eventually(
        lambda: bureau.innovation(draft), lambda it: it["profile"]["purpose"] == "Pertama. Kedua.", within=10
    )
    await expect(page.get_by_text("Tersimpan otomatis pukul")).to_be_visible()
    await holds(page, "sessionStorage.length === 0")
