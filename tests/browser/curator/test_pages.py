"""Every page of the curator's work is accessible, and nothing on it is wider than the screen."""

from __future__ import annotations

import pytest

from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.portal.axe import axe
from tests.support.portal.process import PortalProcess
from tests.support.portal.screen import LOOKS, Look

PAGES = (
    "/kurator",
    "/kurator/antrean",
    "/kurator/inovasi",
    "/kurator/inovasi/{submitted}",
    "/kurator/inovasi/{verified}",
    "/kurator/inovasi/{returned}",
    "/kurator/inovasi/{submitted}/bukti",
    "/kurator/inovasi/{submitted}/bukti/16",
    "/kurator/inovasi/{submitted}/pindah",
    "/kurator/inovasi/{verified}/penarikan",
    "/kurator/inovasi/{submitted}/selesai",
    "/kurator/inovasi/{submitted}/mirip",
    "/kurator/inovasi/{verified}/tahapan",
    "/kurator/kepatuhan?tahun=2025",
    "/kurator/kepatuhan/{agency}",
    "/kurator/indeks?tahun=2026",
    "/kurator/indeks/spd/2026",
    "/kurator/indeks/spd/2026/4",
    "/kurator/indeks/andai?tahun=2026",
    "/kurator/indeks/andai?tahun=2026&tambah=x",
    "/kurator/peringkat?tahun=2025",
    "/kurator/peringkat/lomba",
    "/kurator/peringkat/lomba/baru",
    "/kurator/tahapan",
)


@pytest.mark.sampled(8)
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
