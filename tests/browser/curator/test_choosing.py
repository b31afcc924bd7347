"""Choosing an agency where they are too many for a list; the region of these tests has few, so the limit is lowered."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from services.portal.choice import chooser
from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.portal.axe import axe
from tests.support.portal.process import PortalProcess
from tests.support.portal.screen import PHONE, Look

pytestmark = pytest.mark.drawn(1)


@pytest.fixture(autouse=True)
def few_are_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chooser, "FEW", 2)


async def test_an_agency_is_found_while_typing_chosen_by_keyboard_named_and_removed(screen: Screen) -> None:
    page = await screen("/kurator/inovasi", Role.CURATOR)
    await axe(page)
    search = page.get_by_role("searchbox", name="Cari nama atau singkatannya")
    await search.press_sequentially("dinsos")
    group = page.get_by_role("group", name="Perangkat daerah")
    await expect(group.get_by_role("status")).to_contain_text("cocok")
    await expect(search).to_be_focused()
    await axe(page)

    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowUp")
    found = group.get_by_role("radio", checked=True)
    await expect(found).to_be_focused()
    agency = await found.get_attribute("value")
    await page.get_by_role("button", name="Tampilkan").click()

    chosen = page.locator("#opd-kini")
    await expect(chosen).to_be_checked()
    assert agency
    assert await chosen.get_attribute("value") == agency
    assert f"opd={agency}" in page.url
    await page.get_by_role("radio", name="Semua perangkat daerah").check()
    await page.get_by_role("button", name="Tampilkan").click()
    await expect(chosen).to_have_count(0)


async def test_without_javascript_the_page_answers_with_what_matches(screen: Screen, portal: PortalProcess) -> None:
    look = Look(PHONE, javascript=False)
    page = await screen("/kurator/kantor/pengecualian/baru?tahun=2033", Role.CURATOR, look=look)
    await page.get_by_role("searchbox").fill("hubung")
    await page.get_by_label("Nomor keputusan").fill("Keputusan Bupati (contoh) 12/2033")
    await page.get_by_label("Tanggal keputusan").fill("2033-02-03")
    await page.get_by_label("Alasan").fill("Baru dibentuk (contoh).")
    await page.get_by_role("button", name="Kecualikan").click()

    await expect(page.get_by_role("alert")).to_contain_text("Satu perangkat daerah cocok")
    await expect(page.locator(f"#opd-{portal.told.agencies['dishub']}")).to_be_checked()
    await page.get_by_role("button", name="Kecualikan").click()

    await expect(page.get_by_role("row").filter(has_text="2033")).to_contain_text("Dinas Perhubungan")
