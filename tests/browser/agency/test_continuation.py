"""Origin, actors, sustainability and rights of an innovation, by its agency and by the curator."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.portal.axe import axe
from tests.support.portal.bureau import Bureau
from tests.support.portal.process import PortalProcess
from tests.support.portal.screen import DESK, Look


@pytest_asyncio.fixture(loop_scope="session")
async def bureau(portal: PortalProcess) -> AsyncIterator[Bureau]:
    async with Bureau(portal) as bureau:
        yield bureau


async def recorded(bureau: Bureau, id: str) -> dict[str, Any]:
    return await bureau.curator.get(f"/registry/v1/innovations/{id}/continuation")


async def save(page: Page) -> None:
    await page.get_by_role("button", name="Simpan", exact=True).click()


@pytest.mark.sampled(1)
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
async def test_an_agency_names_the_actors_of_a_draft(screen: Screen, bureau: Bureau, *, javascript: bool) -> None:
    agency = await bureau.new_agency()
    id = await bureau.new_draft(agency)
    page = await screen(f"/opd/inovasi/{id}", Role.AGENCY, agency, look=Look(DESK, javascript=javascript))

    await page.get_by_role("link", name="Asal, pelaku, tim, dan kekayaan intelektual").click()
    await page.get_by_role("link", name="Ubah Pelaku inovasi").click()
    first, second = page.get_by_role("group", name="Lembaga 1"), page.get_by_role("group", name="Lembaga 2")
    await first.get_by_label("Nama lembaga").fill("Universitas Contoh")
    await save(page)
    await expect(page.get_by_role("alert")).to_contain_text("Pilih unsurnya.")
    await first.get_by_label("Unsur").select_option("akademisi")
    await page.get_by_role("button", name="Tambah lembaga").click()
    await expect(second.get_by_label("Unsur")).to_be_focused()
    await second.get_by_label("Unsur").select_option("media")
    await second.get_by_label("Nama lembaga").fill("Radio Contoh")
    if javascript:
        await axe(page)
    await page.get_by_role("button", name="Hapus lembaga 1").click()
    await expect(second).to_have_count(0)
    await first.get_by_label("Perannya").fill("Publikasi")
    await first.get_by_label("Perannya").press("Enter")

    await expect(page.get_by_text("1 lembaga dari 1 unsur")).to_be_visible()
    assert (await recorded(bureau, id))["actors"] == [{"kind": "media", "name": "Radio Contoh", "part": "Publikasi"}]


async def test_a_training_project_is_stopped_and_its_team_and_rights_are_named(
    screen: Screen, bureau: Bureau, portal: PortalProcess
) -> None:
    agency = await bureau.new_agency()
    id = await bureau.new_draft(agency)
    home = f"{portal.url}/opd/inovasi/{id}/kelanjutan"
    page = await screen(f"/opd/inovasi/{id}/kelanjutan/asal", Role.AGENCY, agency)
    reason = page.get_by_label("Alasan")
    await expect(reason).to_be_hidden()
    await page.get_by_label("Proyek dari pelatihan").check()
    await page.get_by_label("Pelatihan dasar CPNS").check()
    await page.get_by_label("Dihentikan").check()
    await save(page)
    await expect(page.get_by_role("alert")).to_contain_text("Isi tanggal keputusan.")
    await page.get_by_label("Tanggal keputusan").fill("2025-10-01")
    await reason.fill("Pelatihannya selesai.")
    await save(page)
    await expect(page.get_by_text("Asal inovasi disimpan.")).to_be_visible()

    await page.goto(f"{home}/keberlanjutan")
    await page.get_by_role("group", name="Orang 1").get_by_label("Nama").fill("Nama Contoh")
    await page.get_by_label("Sumber pembiayaan").fill("APBD")
    await save(page)
    await expect(page.get_by_text("Tim 1 orang, pembiayaan")).to_be_visible()
    await page.goto(f"{home}/kekayaan-intelektual")
    right = page.get_by_role("group", name="Sertifikat 1")
    await right.get_by_label("Jenis").select_option("program_komputer")
    await right.get_by_label("Nomor").fill("EC1 (contoh)")
    await right.get_by_label("Tanggal sertifikat").fill("2025-05-05")
    await right.get_by_label("Pemegang").fill("Pemerintah Kabupaten")
    await right.get_by_text("Sampai kapan dilindungi").click()
    await right.get_by_label("Pertama kali diumumkan").fill("2025-05-05")
    await axe(page)
    await save(page)

    await expect(page.get_by_text("Program komputer, dilindungi sampai 5 Mei 2075")).to_be_visible()
    known = await recorded(bureau, id)
    assert (known["origin"]["decision"], known["use"]["use"]) == ("stop", "stopped")


async def test_the_curators_change_is_not_overwritten_by_the_agency(screen: Screen, bureau: Bureau) -> None:
    agency = await bureau.new_agency()
    id = await bureau.new_draft(agency)
    officer = await screen(f"/opd/inovasi/{id}/kelanjutan/keberlanjutan", Role.AGENCY, agency)
    curator = await screen(f"/kurator/inovasi/{id}/tahapan", Role.CURATOR)
    await curator.get_by_role("link", name="Ubah Keberlanjutan").click()
    await curator.get_by_label("Sumber pembiayaan").fill("APBD, kurator")
    await save(curator)
    await expect(curator.get_by_text("Keberlanjutan disimpan.")).to_be_visible()
    await officer.get_by_label("Sumber pembiayaan").fill("APBD, dinas")
    await save(officer)

    warning = officer.get_by_role("alert")
    await expect(warning).to_contain_text("Isian ini juga diubah orang lain")
    await expect(warning).to_contain_text("APBD, kurator")
    await expect(officer.get_by_label("Sumber pembiayaan")).to_have_value("APBD, dinas")
    await axe(officer)
    await save(officer)
    await expect(officer.get_by_text("Keberlanjutan disimpan.")).to_be_visible()
    assert (await recorded(bureau, id))["sustainability"]["financing"] == "APBD, dinas"
