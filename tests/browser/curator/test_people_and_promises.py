"""The curator's office: ideas of the public, commitments, and innovations that need somebody."""

from __future__ import annotations

import uuid
from pathlib import Path

import httpx2
import pytest
from playwright.async_api import expect

from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.portal.axe import axe
from tests.support.portal.process import PortalProcess

pytestmark = pytest.mark.drawn(2)


def _idea(portal: PortalProcess, title: str) -> None:
    answer = httpx2.post(
        f"{portal.url}/registry/v1/regions/{portal.told.code}/ideas",
        json={"title": title, "text": "Halte untuk warga lanjut usia di dekat puskesmas (contoh)."},
        headers={"Idempotency-Key": uuid.uuid4().hex},
        trust_env=False,
    )
    assert answer.status_code == 201, answer.text


async def test_an_idea_is_handed_to_an_agency_and_another_closed_with_a_reason(
    screen: Screen, portal: PortalProcess
) -> None:
    _idea(portal, "Halte ramah lansia (contoh)")
    _idea(portal, "Gagasan yang ditutup (contoh)")
    page = await screen("/kurator/kantor/ide", Role.CURATOR)
    await axe(page)

    await page.get_by_role("link", name="Halte ramah lansia (contoh)").click()
    await page.get_by_role("button", name="Serahkan").click()
    await expect(page.get_by_role("alert")).to_contain_text("Pilih perangkat daerah yang membina.")
    await axe(page)
    await page.get_by_label("Perangkat daerah yang membina").select_option(portal.told.agencies["dishub"])
    await page.get_by_role("button", name="Serahkan").click()
    await expect(page.get_by_role("row").filter(has_text="Halte ramah lansia")).to_contain_text("Diserahkan")

    await page.get_by_role("link", name="Gagasan yang ditutup (contoh)").click()
    await page.get_by_label("Alasan").fill("Sudah ada layanan yang sama (contoh).")
    await page.get_by_role("button", name="Tutup").click()
    await expect(page.get_by_role("row").filter(has_text="Gagasan yang ditutup")).to_contain_text("Ditutup")


async def test_a_commitment_is_recorded_its_promise_kept_and_its_paper_uploaded(
    screen: Screen, portal: PortalProcess, tmp_path: Path
) -> None:
    agency, year = portal.told.agencies["bappedalitbang"], portal.told.year
    paper = tmp_path / "perjanjian.pdf"
    paper.write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    page = await screen(f"/kurator/kantor/perjanjian/baru?opd={agency}&tahun={year}", Role.CURATOR)
    await page.get_by_role("button", name="Catat perjanjian").click()
    await expect(page.get_by_role("alert")).to_contain_text("Tulis paling sedikit satu inovasi yang dijanjikan.")
    await axe(page)
    await page.get_by_label("Nomor perjanjian").fill("PI/1/2025 (contoh)")
    await page.get_by_label("Tanggal perjanjian").fill("2025-02-03")
    await page.get_by_label("Inovasi ke-1", exact=True).fill("Spirit")
    await page.get_by_role("button", name="Catat perjanjian").click()

    row = page.get_by_role("row").filter(has_text="PI/1/2025 (contoh)")
    await expect(row).to_contain_text("3 Februari 2025")
    await row.get_by_role("link").click()
    await page.get_by_label("Terwujud sebagai").select_option(portal.told.innovations["Spirit"])
    await page.get_by_role("button", name="Simpan").click()
    await expect(row.get_by_role("cell").last).to_have_text("1")

    await row.get_by_role("link").click()
    await axe(page)
    await page.get_by_label("Berkas", exact=True).set_input_files(paper)
    await page.get_by_role("button", name="Unggah").click()
    link = page.get_by_role("link", name="Unduh berkas perjanjian")
    answer = await page.request.get(f"{portal.url}{await link.get_attribute('href')}")
    assert await answer.body() == paper.read_bytes()


async def test_what_needs_somebody_is_listed(screen: Screen) -> None:
    page = await screen("/kurator/kantor/perhatian", Role.CURATOR)

    await axe(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Perlu perhatian")


async def test_a_contact_of_an_agency_is_entered_and_shown_masked(screen: Screen, portal: PortalProcess) -> None:
    agency = portal.told.agencies["dinkes"]
    page = await screen(f"/kurator/kantor/kontak/baru?opd={agency}", Role.CURATOR)
    await axe(page)
    await page.get_by_role("button", name="Simpan kontak").click()
    await expect(page.get_by_role("alert")).to_contain_text("Isi nama.")
    await page.get_by_label("Nama", exact=True).fill("Petugas Contoh (sintetis)")
    await page.get_by_role("textbox", name="Surel").fill("petugas.contoh@dinkes.example")
    await page.get_by_label("Pemberitahuan ini sudah disampaikan").check()
    await page.get_by_role("button", name="Simpan kontak").click()

    row = page.get_by_role("row").filter(has_text="Dinas Kesehatan")
    await expect(row).to_be_visible()
    assert "petugas.contoh@" not in await page.inner_text("main")
    await axe(page)
    await row.get_by_role("link").click()
    await expect(page.get_by_role("textbox", name="Surel")).to_have_value("petugas.contoh@dinkes.example")


async def test_the_alert_policy_and_the_offices_name_are_set(screen: Screen) -> None:
    page = await screen("/kurator/kantor/aturan", Role.CURATOR)
    await axe(page)
    await page.get_by_label("Pengingat, hari sebelum tenggat").fill("besok")
    await page.get_by_role("button", name="Simpan aturan").click()
    await expect(page.get_by_role("alert")).to_contain_text("Tulis jumlah hari dipisah koma")
    await page.get_by_label("Pengingat, hari sebelum tenggat").fill("60, 30, 10")
    await page.get_by_label("Nomor keputusan").fill("Keputusan (contoh) 9/2025")
    await page.get_by_role("button", name="Simpan aturan").click()
    await expect(page.locator("#kabar")).to_contain_text("Aturan peringatan disimpan.")
    await expect(page.get_by_label("Pengingat, hari sebelum tenggat")).to_have_value("60, 30, 10")

    await page.get_by_label("Nama kantor", exact=True).fill("Bappedalitbang Kabupaten Kubu Raya (contoh)")
    await page.get_by_label("Alamat balasan").fill("inovasi@kuburaya.example")
    await page.get_by_role("button", name="Simpan nama kantor").click()
    await expect(page.locator("#kabar")).to_contain_text("Nama kantor disimpan")
    await expect(page.get_by_label("Alamat balasan")).to_have_value("inovasi@kuburaya.example")
