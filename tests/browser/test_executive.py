"""The executive's page: the figures of the region, on screen, on paper, as files."""

from __future__ import annotations

import pytest
from playwright.async_api import Page
from pypdf import PdfReader

from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.portal.axe import axe
from tests.support.portal.process import PortalProcess
from tests.support.portal.screen import LOOKS, Look

PATHS = ("/pimpinan", "/pimpinan/terlambat")
CHARTS = ("gauge", "heat", "funnel", "funnel", "bars", "ranks")


UNREADABLE = """() => {
  const probe = document.body.appendChild(document.createElement("span"));
  probe.style.color = "CanvasText";
  const ink = getComputedStyle(probe).color;
  return [...document.querySelectorAll("svg.chart text")].filter((each) => getComputedStyle(each).fill !== ink)
    .map((each) => each.textContent);
}"""
"""The words in pictures that are not in the color of text that the reader has chosen."""


async def complete(page: Page) -> Page:
    """The page once the region's index and tallies have arrived."""
    for _ in range(100):
        if await page.locator("figure").count() >= len(CHARTS):  # one more once a test has moved an innovation on
            return page
        await page.wait_for_timeout(200)
        await page.reload()
    raise AssertionError(await page.locator("main").inner_text())


@pytest.mark.sampled(1)
@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("path", PATHS)
async def test_the_page_is_accessible_with_all_figures_open(screen: Screen, path: str, look: Look) -> None:
    page = await screen(path, Role.EXECUTIVE, look=look)
    for summary in await page.locator("summary").all():
        await summary.click()

    await axe(page)
    assert await page.evaluate("document.documentElement.scrollWidth") <= look.width


async def test_the_page_says_index_compliance_stages_and_ranking(screen: Screen) -> None:
    page = await complete(await screen("/pimpinan", Role.EXECUTIVE))

    shown = await page.locator("main").inner_text()
    assert "Kabupaten Kubu Raya" in shown
    assert "perangkat daerah yang wajib" in shown
    assert "lagi menuju inovatif" in shown
    pictures = await page.locator("svg[role=img]").all()
    names = [await each.get_attribute("aria-label") for each in pictures]
    classes = [await each.get_attribute("class") for each in pictures]
    assert classes[: len(CHARTS)] == [f"chart chart-{each}" for each in CHARTS]
    assert all(names)
    assert any("Spirit" in (name or "") for name in names)


async def test_every_picture_has_a_table_with_its_figures(screen: Screen) -> None:
    page = await complete(await screen("/pimpinan", Role.EXECUTIVE, look=Look(javascript=False)))

    for figure in await page.locator("figure").all():
        await figure.locator("summary").click()
        assert await figure.locator("table tbody tr").count() >= 1


async def test_the_files_are_one_page_and_the_recap_of_notifications(screen: Screen, portal: PortalProcess) -> None:
    page = await screen("/pimpinan", Role.EXECUTIVE)
    async with page.expect_download() as saved:
        await page.get_by_role("link", name="Unduh ringkasan (PDF)").click()
    paper = PdfReader(await (await saved.value).path())
    recap = await page.request.get(f"{portal.url}/pimpinan/rekap.pdf?tahun={portal.told.year}")
    book = await page.request.get(f"{portal.url}/pimpinan/rekap.xlsx?tahun={portal.told.year}")

    assert len(paper.pages) == 1
    assert "Kabupaten Kubu Raya" in paper.pages[0].extract_text()
    assert (await recap.body()).startswith(b"%PDF")
    assert (await book.body()).startswith(b"PK")


async def test_forced_colors_and_paper_lose_no_text(screen: Screen) -> None:
    page = await screen("/pimpinan", Role.EXECUTIVE)
    await page.emulate_media(forced_colors="active")
    assert await page.evaluate(UNREADABLE) == []
    await page.emulate_media(media="print", forced_colors="none")

    assert await page.locator("svg.chart").first.is_visible()
    assert not await page.locator("header").first.is_visible()
    assert not await page.get_by_role("link", name="Unduh ringkasan (PDF)").is_visible()


@pytest.mark.parametrize("role", [None, Role.AGENCY, Role.OPERATOR], ids=str)
async def test_nobody_else_sees_it(screen: Screen, portal: PortalProcess, role: Role | None) -> None:
    page = await screen("/data", role)
    answer = await page.request.get(f"{portal.url}/pimpinan", max_redirects=0)

    assert answer.status == (303 if role is None else 403)
