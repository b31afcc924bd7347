"""Every page of every role, as it is shown: accessible, no wider than the screen, without an error.

A normal run takes one look for each role, which the seed draws; `make soak` takes all.
"""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page

from services.portal.continuation.groups import GROUPS
from shared.auth.policy import Role
from shared.cli.generate import pages
from tests.browser.conftest import Screen
from tests.support.portal.axe import violations
from tests.support.portal.process import PortalProcess
from tests.support.portal.screen import LOOKS, Look
from tests.support.portal.told import Told

ROLES = (None, Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)
FILES = re.compile(r"\.(csv|json|xlsx|pdf|zip|txt|xml|svg)$|/berkas/|/unduh|/kode-qr|/ekspor|/ringkas$|/temuan$")
"""Paths that answer with a file, or with a part of a page, instead of a page."""

MOST = 11_000  # bytes of a page as it is transferred; with its head at most 12 kB


def paths(role: Role | None, told: Told) -> list[str]:
    """The pages that only this role has (those for everybody are the public's), with what the sample has in the place
    of parameters; without those that have other parameters."""
    values = {
        "id": told.innovations["Spirit"] if role is None else told.innovations["Halobupwabup"],
        "agency": told.agencies["setda"],
        "year": str(told.year),
        "region": told.code,
        "code": told.code,
        "row": "16",
        "step": "profil",
        "competition": told.competition,
        "series": told.competition,
        "number": "1",
        "idea": told.idea,
    }
    found: list[str] = []
    for route in pages():
        ours = Role.PUBLIC in route.roles if role is None else role in route.roles and Role.PUBLIC not in route.roles
        wanted = re.findall(r"{(\w+)", route.path)
        known = set(wanted) <= {*values, "group"}
        if ours and "GET" in route.methods and not FILES.search(route.path) and known:
            path = re.sub(r"{(\w+)[^}]*}", lambda match: values.get(match[1], match[0]), route.path)
            found.extend(path.replace("{group}", each) for each in (GROUPS if "group" in wanted else ("",)))
    return found


@pytest.mark.sampled(5)
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
