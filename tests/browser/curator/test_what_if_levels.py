"""What-if by the levels of one innovation: found by its name, asked, answered; nothing is stored."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.portal.axe import axe
from tests.support.portal.process import PortalProcess
from tests.support.portal.screen import DESK, PHONE, Look

pytestmark = pytest.mark.drawn(1)


async def checked(page: Page, look: Look) -> None:
    """Accessible: axe is a script."""
    if look.javascript:
        await axe(page)


@pytest.mark.parametrize("look", [Look(DESK), Look(PHONE, javascript=False)], ids=str)
async def test_other_levels_of_an_innovation_show_its_maturity_and_the_index(
    screen: Screen, portal: PortalProcess, look: Look
) -> None:
    page = await screen("/kurator/indeks/andai?tahun=2026", Role.CURATOR, look=look)
    await page.get_by_role("link", name="Andai level sebuah inovasi berubah").click()
    await page.get_by_label("Kata dalam nama inovasi").fill("spirit")
    await page.get_by_role("button", name="Cari").click()
    await checked(page, look)
    await page.get_by_role("link", name="Spirit", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Andai: Spirit")
    row = page.get_by_role("combobox").filter(has_text="Tetap level").first
    name, stays = await row.get_attribute("name"), await row.locator("option").first.inner_text()
    other = "3" if "3" not in stays else "0"
    await row.select_option(other)
    await page.get_by_role("button", name="Hitung").click()

    await expect(page.get_by_role("heading", name="Kematangan inovasi ini")).to_be_visible()
    before, after = await page.locator(".tally").first.locator("dd").all_inner_texts()
    assert before != after
    await expect(page.get_by_role("heading", name="Indeks daerah")).to_be_visible()
    await expect(page.locator(f"[name={name}]")).to_have_value(other)
    await checked(page, look)

    await page.goto(page.url.replace(f"{name}={other}", f"{name}=7"))
    await expect(page.get_by_role("alert")).to_contain_text("Pilih level 0, 1, 2 atau 3.")
    await expect(page.locator(f"#{name}-error")).to_be_visible()
    await checked(page, look)
