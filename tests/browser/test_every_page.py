"""Every page of every role, as it is shown: accessible, no wider than the screen, without an error.

A normal run takes one look for each role, which the seed draws; `make soak` takes all.
"""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.portal.axe import violations
from tests.support.portal.pages_of_role import ROLES, paths
from tests.support.portal.process import PortalProcess
from tests.support.portal.screen import LOOKS, Look

MOST = 11_000  # bytes of a page as it is transferred; with its head at most 12 kB


@pytest.mark.sampled(1, by="role")
@pytest.mark.timeout(300)
@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("role", ROLES, ids=str)
async def test_every_page_is_accessible(screen: Screen, portal: PortalProcess, role: Role | None, look: Look) -> None:
    own = (portal.told.agencies["setda"],) if role is Role.AGENCY else ()
    page = await screen("", role, *own, look=look)
    wrong: dict[str, list[str]] = {}
    for path in paths(role, portal.told):
        if found := await _faults(page, f"{portal.url}{path}", look.width):
            wrong[path] = found

    assert wrong == {}


async def _faults(page: Page, address: str, width: int) -> list[str]:
    answer = await page.goto(address)
    found = await violations(page)
    if answer is not None and answer.status >= 500:
        found.append(f"status {answer.status}")
    if answer is not None and (size := int(answer.headers.get("content-length", "0"))) > MOST:
        found.append(f"{size} bytes")
    if (wide := await page.evaluate("document.documentElement.scrollWidth")) > width:
        found.append(f"{wide} px wide")
    if await page.locator("h1").count() != 1:
        found.append(f"{await page.locator('h1').count()} h1")
    return found
