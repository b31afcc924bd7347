"""What everybody sees: the catalogue and its search, an innovation, rankings, open data, and the form for an idea."""

from __future__ import annotations

import csv
import io
import json

import pytest

from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.portal.axe import axe
from tests.support.portal.process import PortalProcess
from tests.support.portal.screen import LOOKS, PHONE, Look

PATHS = (
    "/",
    "/inovasi",
    "/inovasi?q=sinergi",
    "/inovasi?q=tidakada",
    "/peringkat",
    "/peringkat/beku",
    "/peringkat/lomba",
    "/kinerja",
    "/data",
    "/ide",
)
WITHOUT = Look(javascript=False)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("path", PATHS)
async def test_a_public_page_is_accessible_and_no_wider_than_the_screen(screen: Screen, path: str, look: Look) -> None:
    page = await screen(path, look=look)

    await axe(page)
    assert await page.evaluate("document.documentElement.scrollWidth") <= look.width


@pytest.mark.sampled(1)
@pytest.mark.parametrize("look", LOOKS, ids=str)
async def test_the_page_of_an_innovation_is_accessible_with_its_figures_open(
    screen: Screen, portal: PortalProcess, look: Look
) -> None:
    page = await screen(f"/inovasi/{portal.told.innovations['Spirit']}", look=look)
    for summary in await page.locator("summary").all():
        await summary.click()

    await axe(page)
    assert await page.evaluate("document.documentElement.scrollWidth") <= look.width


async def test_a_search_finds_an_innovation_by_the_beginning_of_its_name(screen: Screen) -> None:
    page = await screen("/")
    await page.get_by_label("Cari inovasi yang sudah terverifikasi").fill("SINER")
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="Sinergi Kreasi").click()

    await page.get_by_role("heading", name="Sinergi Kreasi", level=1).wait_for()
    assert "Dinas Pendidikan dan Kebudayaan" in await page.locator("main").inner_text()
    assert "CONTOH SINTETIS" in await page.locator("main").inner_text()  # asked of the registry


async def test_what_is_not_verified_has_no_page_and_is_in_no_list(screen: Screen, portal: PortalProcess) -> None:
    page = await screen("/inovasi")
    names = await page.locator(".card-title").all_inner_texts()
    missing = await page.goto(f"{portal.url}/inovasi/{portal.told.innovations['Gestur']}")

    assert {"Sinergi Kreasi", "Spirit"} <= set(names)  # other tests verify further ones
    assert "Gestur" not in names
    assert missing is not None
    assert missing.status == 404


async def test_filters_work_without_javascript_and_stay_chosen(screen: Screen) -> None:
    page = await screen("/inovasi", look=WITHOUT)
    await page.locator("summary", has_text="Saring").click()
    await page.get_by_label("Urusan utama").select_option("perencanaan")
    await page.get_by_role("button", name="Terapkan").click()

    assert "Spirit" in await page.locator(".card-title").all_inner_texts()
    assert "Sinergi Kreasi" not in await page.locator(".card-title").all_inner_texts()
    assert await page.get_by_label("Urusan utama").input_value() == "perencanaan"
    await page.get_by_role("link", name="Hapus semua saringan").click()
    assert {"Sinergi Kreasi", "Spirit"} <= set(await page.locator(".card-title").all_inner_texts())


async def test_the_open_data_are_what_the_catalogue_shows(screen: Screen, portal: PortalProcess) -> None:
    page = await screen("/data")
    async with page.expect_download() as saved:
        await page.locator('a[href="/data/inovasi.csv"]').click()
    assert (await saved.value).suggested_filename == "inovasi.csv"
    table = await page.request.get(f"{portal.url}/data/inovasi.csv?tahun={portal.told.year}")
    whole = await (await page.request.get(f"{portal.url}/data/inovasi.json")).json()
    ranking = list(
        csv.DictReader(io.StringIO(await (await page.request.get(f"{portal.url}/data/peringkat.csv")).text()))
    )

    rows = list(csv.DictReader(io.StringIO(await table.text())))
    assert {"Sinergi Kreasi", "Spirit"} <= {row["nama"] for row in rows}
    assert table.headers["link"].endswith('rel="license"')
    assert {row["id"] for row in rows} <= {row["id"] for row in whole["data"]}
    assert whole["lisensi"]
    assert ranking[0]["peringkat"] == "1"
    assert "inisiator_nama" not in json.dumps(whole)


async def test_an_idea_is_handed_in_without_javascript_and_its_progress_is_shown(screen: Screen) -> None:
    page = await screen("/ide", look=WITHOUT)
    await page.get_by_role("button", name="Kirim gagasan").click()
    assert await page.locator(".error-list a").all_inner_texts() == [
        "Tulis judul gagasan Anda.",
        "Tulis gagasan Anda.",
    ]

    await page.get_by_label("Judul").fill("Antrean puskesmas lewat ponsel")
    await page.get_by_label("Gagasan").fill("Hubungi saya di 0812-3456-7890.")
    await page.get_by_role("button", name="Kirim gagasan").click()
    assert "nomor telepon" in await page.locator(".error-list").inner_text()
    assert await page.get_by_label("Judul").input_value() == "Antrean puskesmas lewat ponsel"

    await page.get_by_label("Gagasan").fill("Warga mengambil nomor antrean dari rumah.")
    await page.get_by_role("button", name="Kirim gagasan").click()
    assert "Diterima, menunggu ditelaah kurator" in await page.locator("main").inner_text()
    await axe(await screen(page.url.removeprefix(page.url.split("/ide")[0]), look=Look(PHONE)))


async def test_the_catalogue_is_used_with_the_keyboard_alone(screen: Screen) -> None:
    page = await screen("/inovasi")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")  # the skip link
    for _ in range(3):
        await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.tagName") == "SUMMARY"
    await page.keyboard.press("Enter")
    await page.get_by_label("Urusan utama").wait_for()


async def test_whoever_is_signed_in_sees_the_public_pages_too(screen: Screen) -> None:
    page = await screen("/inovasi", Role.AGENCY)

    assert {"Sinergi Kreasi", "Spirit"} <= set(await page.locator(".card-title").all_inner_texts())
