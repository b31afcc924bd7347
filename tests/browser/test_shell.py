"""The frame of every page: accessible, usable by keyboard and without JavaScript, light."""

from __future__ import annotations

import pytest

from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.portal.axe import axe
from tests.support.portal.screen import LOOKS, PHONE, Look


@pytest.mark.sampled(1)
@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("role", [None, Role.AGENCY], ids=str)
async def test_the_home_page_is_accessible(screen: Screen, look: Look, role: Role | None) -> None:
    await axe(await screen("/", role, look=look))


async def test_the_first_tab_leads_to_the_skip_link_and_it_to_the_content(screen: Screen) -> None:
    page = await screen("/", Role.CURATOR)

    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip-link"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "main"


async def test_nothing_is_wider_than_a_phone(screen: Screen) -> None:
    page = await screen("/", Role.EXECUTIVE, look=Look(PHONE))

    assert await page.evaluate("document.documentElement.scrollWidth") == PHONE
