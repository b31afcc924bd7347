"""Reminders by hand: chosen on the board, read before, sent by a button, with the way to their proof."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.client import eventually
from tests.support.portal.axe import axe
from tests.support.portal.bureau import Bureau
from tests.support.portal.process import PortalProcess
from tests.support.portal.screen import DESK, PHONE, Look

pytestmark = pytest.mark.drawn(1)

PREFIX = "/kurator/kepatuhan/pengingat"


async def owing(portal: PortalProcess, *, contact: bool) -> tuple[str, str]:
    """An agency of this test's own that owes its innovation: id and name. contact: it has an officer."""
    async with Bureau(portal) as bureau:
        agency, curator = await bureau.new_agency(), bureau.curator
        await eventually(lambda: curator.get(f"/notifications/v1/obligations/{agency}/{portal.told.year}"))
        if contact:
            body = {
                "region": bureau.code,
                "agencies": [agency],
                "name": "Budi",
                "email": f"{uuid4().hex}@dinas.example",
            }
            await curator.create("/notifications/v1/contacts", body)
        return agency, str((await curator.get(f"/registry/v1/agencies/{agency}"))["name"])


async def shows(page: Page, address: str, name: str) -> None:
    """Open the page, and again until it shows the agency."""
    await page.goto(address)
    while not await page.get_by_text(name).count():
        await page.reload()


async def checked(page: Page, look: Look) -> None:
    """Accessible: axe is a script."""
    if look.javascript:
        await axe(page)


@pytest.mark.parametrize("look", [Look(DESK, javascript=True), Look(PHONE, javascript=False)], ids=str)
async def test_chosen_agencies_are_reminded_after_it_was_shown_who_is_told_what(
    screen: Screen, portal: PortalProcess, look: Look
) -> None:
    _, told = await owing(portal, contact=True)
    _, untold = await owing(portal, contact=False)
    page = await screen("/kurator/kepatuhan", Role.CURATOR, look=look)
    await page.get_by_role("link", name="Kirim pengingat").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Kirim pengingat")
    for name in (untold, told):
        await shows(page, f"{portal.url}{PREFIX}", name)
    await page.get_by_role("button", name="Periksa penerima dan isi pesan").click()
    await expect(page.get_by_role("alert")).to_contain_text("Pilih paling sedikit satu perangkat daerah.")
    await page.get_by_label(told).check()
    await page.get_by_label(untold).check()
    await page.get_by_role("button", name="Periksa penerima dan isi pesan").click()

    await checked(page, look)
    await expect(page.get_by_role("row").filter(has_text=told)).to_contain_text("@dinas.example")
    await expect(page.get_by_role("row").filter(has_text=untold)).to_contain_text("Tidak mempunyai kontak")
    await expect(page.get_by_text("pengiriman masih dalam mode uji")).to_be_visible()
    await expect(page.get_by_text("pengelola sistem menyalakan pengiriman")).to_be_visible()
    await page.locator("summary").click()
    await expect(page.get_by_text("Kantor kurator mengirim pengingat ini di luar jadwal.")).to_be_visible()
    await page.get_by_role("button", name="Catat permintaan").click()

    await expect(page.get_by_text("Permintaan dicatat.")).to_be_visible()
    await checked(page, look)
    await expect(page.get_by_role("row").filter(has_text=told)).to_contain_text("1")
    await expect(page.get_by_role("row").filter(has_text=untold)).to_contain_text("Tidak mempunyai kontak")
    await page.get_by_role("link", name=f"Pesan dan buktinya {told}").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Pesan terkirim")
    await expect(page.get_by_label("Perihal")).to_have_value("on-request")


async def test_one_agency_is_reminded_from_its_page_and_once_a_day(screen: Screen, portal: PortalProcess) -> None:
    agency, name = await owing(portal, contact=True)
    page = await screen("", Role.CURATOR)
    await shows(page, f"{portal.url}/kurator/kepatuhan/{agency}", "Kirim pengingat")
    address = await page.get_by_role("link", name="Kirim pengingat").get_attribute("href")
    await page.goto(f"{portal.url}{address}")
    await page.get_by_role("button", name="Catat permintaan").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Permintaan pengingat")
    await page.goto(f"{portal.url}{address}")

    await expect(page.get_by_role("row").filter(has_text=name)).to_contain_text("Sudah diminta hari ini")
    await expect(page.get_by_role("button", name="Catat permintaan")).to_have_count(0)
    await axe(page)
