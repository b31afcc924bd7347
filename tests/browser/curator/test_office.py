"""The curator's office: agencies are registered and closed, deadlines are moved, the policy is changed."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.portal.axe import axe
from tests.support.portal.process import PortalProcess
from tests.support.portal.screen import DESK, Look
from tests.support.portal.submissions import asked

pytestmark = pytest.mark.drawn(5)

OBLIGED = 5
"""Agencies of the sample at least that owe an innovation for every year."""


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
async def test_an_agency_is_registered_corrected_closed_and_opened_again(screen: Screen, *, javascript: bool) -> None:
    name = f"Kecamatan Contoh Kantor {'dengan' if javascript else 'tanpa'} (sintetis)"
    page = await screen("/kurator/kantor/opd/baru", Role.CURATOR, look=Look(DESK, javascript=javascript))
    await page.get_by_role("button", name="Daftarkan").click()
    await expect(page.get_by_role("alert")).to_contain_text("Wajib diisi.")
    await page.get_by_label("Nama lengkap").fill(name)
    await page.get_by_label("Jenis").select_option("kecamatan")
    await page.get_by_role("button", name="Daftarkan").click()

    await expect(page.get_by_text(f"{name} terdaftar.")).to_be_visible()
    await page.get_by_role("link", name=name).click()
    await page.get_by_label("Wajib berinovasi sejak tahun").fill("2024")
    await page.get_by_role("button", name="Simpan").click()
    row = page.get_by_role("row").filter(has_text=name)
    await expect(row).to_contain_text("2024")

    await page.get_by_role("link", name=name).click()
    await page.get_by_text("Tutup perangkat daerah ini").click()
    await page.get_by_label("Hari pertama tanpa perangkat daerah ini").fill("2027-01-01")
    await page.get_by_role("button", name="Tutup").click()
    await expect(row).to_contain_text("ditutup 1 Januari 2027")

    await page.get_by_role("link", name=name).click()
    await page.get_by_role("button", name="Buka kembali").click()
    await expect(row).to_contain_text("aktif")


async def test_a_name_that_exists_is_refused_in_plain_words(screen: Screen, portal: PortalProcess) -> None:
    page = await screen("/kurator/kantor/opd", Role.CURATOR)
    await axe(page)
    existing = await page.get_by_role("rowheader").first.get_by_role("link").inner_text()

    await page.goto(f"{portal.url}/kurator/kantor/opd/baru")
    await page.get_by_label("Nama lengkap").fill(existing)
    await page.get_by_label("Jenis").select_option("dinas")
    await page.get_by_role("button", name="Daftarkan").click()

    await expect(page.get_by_role("alert")).to_contain_text("sudah")
    await axe(page)


async def test_a_deadline_that_makes_agencies_overdue_is_confirmed_by_their_number_then_moved(
    screen: Screen, portal: PortalProcess
) -> None:
    before = asked(portal, f"/registry/v1/regions/{portal.told.code}")["policy"]["deadlines"]
    page = await screen("/kurator/kantor/kewajiban/tenggat?tahun=2023", Role.CURATOR)
    await axe(page)
    await page.get_by_label("Nomor surat edaran atau keputusan").fill("Surat Edaran (contoh) 3/2023")
    await page.get_by_label("Jam terakhir").fill("pagi")
    await page.get_by_role("button", name="Tetapkan tenggat").click()
    await expect(page.get_by_role("alert")).to_contain_text("Tulis jam seperti 16.00.")
    await page.get_by_label("Jam terakhir").fill("")
    await page.get_by_role("button", name="Tetapkan tenggat").click()

    warning = page.get_by_text(re.compile(r"^\d+ perangkat daerah akan langsung terlambat\.$"))
    await expect(warning).to_be_visible()
    assert int((await warning.inner_text()).split()[0]) >= OBLIGED
    assert asked(portal, f"/registry/v1/regions/{portal.told.code}")["policy"]["deadlines"] == before, "nothing is set"
    await page.get_by_role("button", name="Ya, tetapkan tenggat ini").click()
    await expect(page.get_by_text("Tenggat 2023 disimpan dan berlaku sekarang.")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="2023").first
    await expect(row).to_contain_text("31 Desember 2023")

    await page.get_by_role("link", name="2023", exact=True).click()
    await page.get_by_text("Batalkan tenggat ini").click()
    await page.get_by_label("Nomor surat edaran atau keputusan pembatalan").fill("Surat Edaran (contoh) 4/2023")
    await page.get_by_role("button", name="Batalkan tenggat").click()
    await expect(row).to_contain_text("dibatalkan")


async def test_the_policy_of_a_later_year_leaves_this_year_as_it_is(screen: Screen) -> None:
    page = await screen("/kurator/kantor/kewajiban/kebijakan", Role.CURATOR)
    await axe(page)
    await page.get_by_label("Berlaku sejak tahun").fill("2031")
    await page.get_by_label("Nomor keputusan").fill("Peraturan Bupati (contoh) 7/2031")
    await page.get_by_label("Paling sedikit inovasi setahun").fill("0")
    await page.get_by_role("button", name="Simpan kebijakan").click()
    await expect(page.get_by_role("alert")).to_contain_text("Tulis angka dari 1 sampai 100.")
    await page.get_by_label("Paling sedikit inovasi setahun").fill("2")
    await page.get_by_role("button", name="Simpan kebijakan").click()

    await expect(page.get_by_text("Kebijakan sejak 2031 disimpan.")).to_be_visible()
    await expect(page.locator(".summary-list")).to_contain_text("1")
    await page.get_by_text("Riwayat tenggat dan kebijakan").click()
    await expect(page.get_by_text("Kebijakan sejak 2031, revisi")).to_be_visible()


async def test_an_exemption_is_recorded_with_its_decree_and_lifted(screen: Screen, portal: PortalProcess) -> None:
    agency = portal.told.agencies["dishub"]
    page = await screen(f"/kurator/kantor/pengecualian/baru?opd={agency}&tahun=2029", Role.CURATOR)
    await axe(page)
    await page.get_by_role("button", name="Kecualikan").click()
    await expect(page.get_by_role("alert")).to_contain_text("Pilih tanggal keputusan.")
    await page.get_by_label("Nomor keputusan").fill("Keputusan Bupati (contoh) 12/2029")
    await page.get_by_label("Tanggal keputusan").fill("2029-02-03")
    await page.get_by_label("Alasan").fill("Baru dibentuk (contoh).")
    await page.get_by_role("button", name="Kecualikan").click()

    row = page.get_by_role("row").filter(has_text="2029")
    await expect(row).to_contain_text("Keputusan Bupati (contoh) 12/2029")
    await expect(row).to_contain_text("3 Februari 2029")
    await axe(page)
    await row.get_by_role("button", name="Cabut").click()
    await expect(row).to_contain_text("dicabut")


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("", "Yang akan diberi tahu"),
        ("?hari=2025-12-31", "Yang akan diberi tahu"),
        ("/pesan", "Pesan terkirim"),
        ("/pratinjau", "Pratinjau pesan"),
    ],
)
async def test_what_is_told_to_whom_is_shown(screen: Screen, path: str, title: str) -> None:
    page = await screen(f"/kurator/kantor/peringatan{path}", Role.CURATOR)

    await axe(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text(title)
    await expect(page.locator(".away")).to_have_count(0)


async def test_a_preview_reads_as_the_agency_would_read_it(screen: Screen, portal: PortalProcess) -> None:
    agency = portal.told.agencies["dishub"]
    query = f"opd={agency}&perihal=before-30&saluran=email&tahun={portal.told.year}"
    page = await screen(f"/kurator/kantor/peringatan/pratinjau?{query}", Role.CURATOR)

    await expect(page.locator(".letter")).to_contain_text("Dinas Perhubungan")
    await expect(page.locator(".letter")).to_contain_text("30 November 2025")
