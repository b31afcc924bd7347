"""Ideas of the public that an agency takes up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import pytest_asyncio
from playwright.async_api import expect

from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.portal.axe import axe
from tests.support.portal.bureau import Bureau, secret_in
from tests.support.portal.ideas import handed_over
from tests.support.portal.process import PortalProcess
from tests.support.portal.screen import PHONE, Look

pytestmark = pytest.mark.drawn(2)


@pytest_asyncio.fixture(loop_scope="session")
async def bureau(portal: PortalProcess) -> AsyncIterator[Bureau]:
    async with Bureau(portal) as bureau:
        yield bureau


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
async def test_an_idea_that_was_handed_over_becomes_a_draft(
    screen: Screen, bureau: Bureau, portal: PortalProcess, *, javascript: bool
) -> None:
    agency, title = await bureau.new_agency(), f"Antrean dari rumah {uuid4().hex[:6]} (contoh)"
    page = await screen("/opd/gagasan", Role.AGENCY, agency, look=Look(PHONE, javascript=javascript))
    await expect(page.get_by_text("Belum ada gagasan yang diserahkan")).to_be_visible()
    idea = await handed_over(portal.url, bureau, title, agency)

    await page.goto(f"{portal.url}/opd")
    await page.get_by_role("link", name="Gagasan yang menunggu: 1").click()
    await page.get_by_role("link", name=title).click()
    await expect(page.get_by_text("Warga mengambil nomor antrean dari rumah")).to_be_visible()
    await page.get_by_role("link", name="Jadikan rancangan inovasi").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Jadikan gagasan ini rancangan inovasi?")
    if javascript:
        await axe(page)
    await page.get_by_role("button", name="Ya, buat rancangan").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text(title)
    await expect(page.get_by_text("Rancangan dibuat dari gagasan ini.")).to_be_visible()
    made = await bureau.innovation(page.url.partition("?")[0].rpartition("/")[2])
    assert (made["status"], made["agency"], made["profile"]["initiator"]) == ("draft", agency, "masyarakat")
    await page.goto(f"{portal.url}/opd/gagasan/{idea}")
    await page.get_by_role("link", name="Buka inovasinya").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(title)
    await page.goto(f"{portal.url}/opd/inovasi/{made['id']}/kelanjutan/asal")
    await expect(page.get_by_label("Gagasan masyarakat")).to_be_checked()
    await expect(page.get_by_role("link", name="Gagasan yang melahirkannya")).to_have_attribute(
        "href", f"/opd/gagasan/{idea}"
    )


async def test_the_form_sent_twice_makes_one_draft_and_a_closed_idea_none(
    bureau: Bureau, portal: PortalProcess
) -> None:
    agency = await bureau.new_agency()
    client = bureau.client(agency)
    first = await handed_over(portal.url, bureau, "Sekali saja (contoh)", agency)
    second = await handed_over(portal.url, bureau, "Ditutup sementara dibaca (contoh)", agency)
    page = await client.page(f"/opd/gagasan/{second}/jadikan")
    once, again = [
        await client.http.post(f"/opd/gagasan/{first}/jadikan", data={"csrf": secret_in(page)}) for _ in range(2)
    ]
    path = f"/registry/v1/ideas/{second}"
    await bureau.curator.change("POST", f"{path}/close", {"reason": "Sudah ada (contoh)."}, of=path)
    closed = await client.http.post(f"/opd/gagasan/{second}/jadikan", data={"csrf": secret_in(page)})
    other = bureau.client(await bureau.new_agency())
    stranger = await other.page(f"/opd/gagasan/{first}")
    listed = await client.page("/opd/gagasan?keadaan=taken-up")
    for each in (client, other):
        await each.close()

    assert once.url.path == again.url.path
    assert once.url.path.startswith("/opd/inovasi/")
    assert (closed.status_code, "Gagasan ini sudah ditutup" in closed.text) == (409, True)
    assert "Sudah ada (contoh)." in closed.text
    assert ("tidak diserahkan kepada perangkat daerah Anda" in stranger, "Sekali saja" in stranger) == (True, False)
    assert ("Sekali saja (contoh)" in listed, "Ditutup sementara" in listed) == (True, False)
