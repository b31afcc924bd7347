"""The curator's pages about the whole region: board, SPD, what-if, rankings, competitions, stages."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.portal.process import PortalProcess
from tests.support.portal.screen import DESK, Look
from tests.support.portal.submissions import asked

pytestmark = pytest.mark.drawn(3)

WITHOUT = Look(DESK, javascript=False)


async def test_the_board_shows_every_agency_and_fits_one_sheet(portal: PortalProcess, screen: Screen) -> None:
    page = await screen("/kurator/kepatuhan?tahun=2025", Role.CURATOR, look=Look(DESK))

    rows = page.locator("table.board tbody tr")
    assert await rows.count() >= len(portal.told.agencies)
    await expect(rows.filter(has_text="Dinas Kesehatan")).to_contain_text("hari lagi")
    await expect(rows.filter(has_text="Dinas Pendidikan dan Kebudayaan")).to_contain_text("Terpenuhi")
    sheet = await page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", sheet)) == 1


async def test_spd_is_entered_row_by_row_and_counts(portal: PortalProcess, screen: Screen) -> None:
    page = await screen("/kurator/indeks/spd/2026", Role.CURATOR, look=WITHOUT)

    await page.get_by_role("link", name="8 Opini BPK").click()
    await page.locator("#level-4").check()
    await page.get_by_role("button", name="Simpan").click()
    await expect(page.locator("#kabar")).to_contain_text("Baris 8 disimpan")
    await page.get_by_role("link", name="4 Jumlah pendapatan perkapita").click()
    await page.locator("#nilai").fill("lima")
    await page.get_by_role("button", name="Simpan").click()
    await expect(page.locator("#nilai-error")).to_contain_text("Tulis angka")
    await page.locator("#nilai").fill("5,23")
    await page.locator("#tautan-0").fill("https://kuburayakab.bps.go.id/")
    await page.get_by_role("button", name="Simpan").click()

    await expect(page.locator("#kabar")).to_contain_text("Baris 4 disimpan")
    spd = asked(portal, f"/scoring/v1/spd/{portal.told.code}/2026")
    rows = {each["row"]: each for each in spd["rows"]}
    assert (rows["4"]["entered_value"], rows["4"]["level"]) == (5.23, 3)
    assert rows["8"]["entered_level"] == 3


async def test_a_what_if_question_names_the_way_and_changes_nothing(portal: PortalProcess, screen: Screen) -> None:
    before = asked(portal, f"/scoring/v1/spd/{portal.told.code}/2026")
    page = await screen("/kurator/indeks/andai?tahun=2026", Role.CURATOR, look=WITHOUT)

    await page.locator("#tambah").fill("40")
    await page.get_by_role("button", name="Hitung").click()
    await expect(page.locator(".error-summary")).to_contain_text("Tulis poin kematangan")
    await page.locator("#kematangan").fill("100")
    await page.locator("#urusan").select_option("kesehatan")
    await page.get_by_role("button", name="Hitung").click()

    await expect(page.locator("section", has=page.locator("#jawaban"))).to_contain_text("Dengan perubahan Anda")
    assert asked(portal, f"/scoring/v1/spd/{portal.told.code}/2026") == before


async def test_a_ranking_is_frozen_once_the_curator_is_sure(portal: PortalProcess, screen: Screen) -> None:
    page = await screen("/kurator/peringkat?tahun=2025", Role.CURATOR)

    await expect(page.get_by_role("link", name="Spirit")).to_be_visible()
    await page.get_by_role("button", name="Bekukan").click()
    await expect(page.locator(".error-summary")).to_contain_text("Centang bahwa Anda yakin")
    await page.locator("#yakin").check()
    await page.get_by_role("button", name="Bekukan").click()
    await expect(page.locator("#kabar")).to_contain_text("Peringkat dibekukan")
    freezes = asked(portal, f"/scoring/v1/rankings/freezes?region={portal.told.code}&year=2025", Role.CURATOR)
    assert [each["number"] for each in freezes["items"] if each["competition"] is None] == [1]
    await page.get_by_role("link", name="Peringkat 2025").click()
    await expect(page.get_by_role("link", name="Pembekuan ke-1")).to_be_visible()


async def test_a_competition_is_made_marked_and_ranked(portal: PortalProcess, screen: Screen) -> None:
    page = await screen("/kurator/peringkat/lomba/baru", Role.CURATOR, look=WITHOUT)

    await page.locator("#nama").fill("Lomba Inovasi (contoh)")
    await page.locator("#tahun").fill("2025")
    await page.locator("#kelompok-0").fill("Semua perangkat daerah")
    await page.get_by_text("Juri ikut menilai").click()
    await page.locator("#bobot-kematangan").fill("60")
    await page.locator("#kriteria-0").fill("Kebaruan")
    await page.locator("#kriteria-0-bobot").fill("30")
    await page.get_by_role("button", name="Simpan ketentuan").click()
    await expect(page.locator(".error-summary")).to_contain_text("harus 100")
    await page.locator("#kriteria-0-bobot").fill("40")
    await page.get_by_role("button", name="Simpan ketentuan").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Lomba Inovasi (contoh)")

    await page.get_by_role("link", name="Isi nilai juri").click()
    await page.get_by_label("Kebaruan untuk Spirit").fill("101")
    await page.get_by_role("button", name="Simpan nilai").click()
    await expect(page.locator(".error-summary")).to_contain_text("Nilai dari 0 sampai 100")
    await page.get_by_label("Kebaruan untuk Spirit").fill("87,5")
    await page.get_by_role("button", name="Simpan nilai").click()
    await expect(page.locator("#kabar")).to_contain_text("Nilai juri disimpan")
    await expect(page.locator("main")).to_contain_text("Spirit")


async def test_the_stage_and_the_use_of_an_innovation_are_recorded(portal: PortalProcess, screen: Screen) -> None:
    id = portal.told.innovations["Sinergi Kreasi"]
    page = await screen(f"/kurator/inovasi/{id}/tahapan", Role.CURATOR, look=WITHOUT)

    await page.locator("#tahapan").select_option("pembinaan/penerapan")
    await page.get_by_role("button", name="Simpan tahapan").click()
    await expect(page.locator("#kabar")).to_contain_text("Tahapan disimpan")
    await page.get_by_label("Berhenti").check()
    await page.get_by_role("button", name="Simpan pemakaian").click()
    await expect(page.locator("#alasan-error")).to_contain_text("Tulis mengapa")
    await page.get_by_label("Dipakai", exact=True).check()
    await page.get_by_role("button", name="Simpan pemakaian").click()
    await expect(page.locator("#kabar")).to_contain_text("Keadaan pemakaian disimpan")

    it = asked(portal, f"/registry/v1/innovations/{id}/continuation")
    assert (it["stage"]["stage"], it["use"]["use"]) == ("penerapan", "live")
    await page.goto(f"{portal.url}/kurator/tahapan")
    await page.get_by_role("link", name="Penerapan").click()
    await expect(page.get_by_role("link", name="Sinergi Kreasi")).to_be_visible()
