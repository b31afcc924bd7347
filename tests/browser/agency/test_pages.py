"""Every page of an agency: accessible, and not wider than a phone."""

from __future__ import annotations

import pytest

from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.portal.axe import axe
from tests.support.portal.process import PortalProcess
from tests.support.portal.screen import LOOKS, Look

RETURNED, SUBMITTED, VERIFIED = (
    ("pkm-sungai-radak", "Gestur"),
    ("setda", "Halobupwabup"),
    ("disdikbud", "Sinergi Kreasi"),
)
PAGES = [
    *((RETURNED, path) for path in ("/opd", "/opd/inovasi", "/opd/inovasi/baru", "/opd/pemberitahuan")),
    *((RETURNED, path) for path in ("/opd/kontak", "/opd/kontak/baru", "/opd/inovasi/{}", "/opd/inovasi/{}/ajukan")),
    *(
        (RETURNED, f"/opd/inovasi/{{}}/profil/{step}")
        for step in ("dasar", "inisiator", "urusan", "waktu", "sertifikat")
    ),
    *((RETURNED, f"/opd/inovasi/{{}}/bukti/{row}") for row in ("16", "17", "33", "35")),
    *((RETURNED, f"/opd/inovasi/{{}}/{page}") for page in ("skor", "dokumen", "tarik")),
    *((SUBMITTED, f"/opd/inovasi/{{}}{page}") for page in ("", "/tanda-terima", "/tarik")),
    *((VERIFIED, f"/opd/inovasi/{{}}{page}") for page in ("", "/skor?target=100", "/tindak-lanjut", "/tarik")),
]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize(("whose", "path"), PAGES, ids=lambda value: value if isinstance(value, str) else "")
async def test_a_page_is_accessible_and_fits(
    screen: Screen, portal: PortalProcess, whose: tuple[str, str], path: str, look: Look
) -> None:
    agency, innovation = portal.told.agencies[whose[0]], portal.told.innovations[whose[1]]

    page = await screen(path.format(innovation), Role.AGENCY, agency, look=look)

    assert await page.locator("h1").count() == 1
    assert await page.evaluate("document.documentElement.scrollWidth") <= look.width
    await axe(page)
