"""States of the curator's pages that `test_every_page` does not see are accessible, and no wider than the screen."""

from __future__ import annotations

import pytest

from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.portal.axe import axe
from tests.support.portal.process import PortalProcess
from tests.support.portal.screen import LOOKS, Look

PAGES = (
    "/kurator/inovasi/{verified}",
    "/kurator/inovasi/{returned}",
    "/kurator/inovasi/{submitted}/mirip",
    "/kurator/kepatuhan?tahun=2024",
    "/kurator/indeks?tahun=2026",
    "/kurator/indeks/spd/2026",
    "/kurator/indeks/spd/2026/4",
    "/kurator/indeks/andai?tahun=2026",
    "/kurator/indeks/andai?tahun=2026&tambah=x",
    "/kurator/peringkat?tahun=2025&ukuran=claimed",
)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_accessible_and_not_wider_than_the_screen(
    portal: PortalProcess, screen: Screen, path: str, look: Look
) -> None:
    told = portal.told
    names = {"submitted": "Adu KPM", "verified": "Spirit", "returned": "Gestur"}
    ids = {key: told.innovations[name] for key, name in names.items()}
    page = await screen(path.format(**ids, agency=told.agencies["dinsos"]), Role.CURATOR, look=look)

    await axe(page)
    assert await page.locator("h1").count() == 1
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
