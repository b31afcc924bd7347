"""The region's rules of continuation: what they mean, and a pipeline of the region's own."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.portal.axe import axe
from tests.support.portal.screen import DESK, Look


@pytest.mark.sampled(1)
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
async def test_a_curator_changes_the_rules_and_keeps_a_pipeline_of_the_region(
    screen: Screen, *, javascript: bool
) -> None:
    name = f"Kampung Inovasi {'dengan' if javascript else 'tanpa'} (contoh)"
    page = await screen("/kurator/tahapan", Role.CURATOR, look=Look(DESK, javascript=javascript))
    await page.get_by_role("link", name="Aturan kelanjutan").click()
    ideas = page.get_by_label("Gagasan masyarakat yang diterima sehari")
    await ideas.fill("banyak")
    await page.get_by_role("button", name="Simpan aturan").click()
    await expect(page.get_by_role("alert")).to_contain_text("Tulis angka dari 0 sampai 10000.")
    if javascript:
        await axe(page)
    await ideas.fill("60")
    await page.get_by_role("button", name="Simpan aturan").click()
    await expect(page.get_by_text("Aturan kelanjutan disimpan.")).to_be_visible()

    await page.get_by_role("link", name="Aturan kelanjutan").click()
    await expect(ideas).to_have_value("60")
    await page.get_by_role("link", name="Tambah jalur").click()
    await page.get_by_label("Nama jalur").fill(name)
    first, second = page.get_by_role("group", name="Tahapan 1"), page.get_by_role("group", name="Tahapan 2")
    await first.get_by_label("Nama").fill("Luncur")
    await page.get_by_role("button", name="Tambah tahapan").click()
    await expect(second.get_by_label("Nama")).to_be_focused()
    await second.get_by_label("Nama").fill("Gagas")
    await second.get_by_label("Paling lama di sini").fill("60")
    await page.get_by_role("button", name="Naikkan tahapan 2").click()
    await expect(first.get_by_label("Nama")).to_have_value("Gagas")
    await second.get_by_label("Yang sampai di sini").check()
    if javascript:
        await axe(page)
    await page.get_by_role("button", name="Simpan jalur").click()
    await expect(page.get_by_text(f"Jalur “{name}” disimpan.")).to_be_visible()

    await page.goto(page.url.partition("/aturan")[0])
    await expect(page.get_by_role("table", name=name).get_by_role("row")).to_have_count(3)
    await page.get_by_role("link", name="Aturan kelanjutan").click()
    await page.get_by_role("link", name=f"Ubah {name}").click()
    await expect(second.get_by_label("Yang sampai di sini")).to_be_checked()
    await page.get_by_text("Hapus jalur ini").click()
    await page.get_by_role("button", name="Hapus jalur", exact=True).click()
    await expect(page.get_by_text("Jalur dihapus.")).to_be_visible()
