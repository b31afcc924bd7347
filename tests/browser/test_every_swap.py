"""Every swap on every page of every role keeps the focus or moves it on purpose: a link of the menu that puts the page
in, and each part of it that asks for itself.

A normal run takes one role, which the seed draws; `make soak` takes all.
"""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from playwright.async_api import Page

from shared.auth.policy import Role
from tests.browser.conftest import Screen
from tests.support.portal.pages_of_role import APART, ROLES, paths
from tests.support.portal.process import PortalProcess

_FOLLOW = """(path) => new Promise((done) => {
  const link = document.createElement("a");
  link.href = path;
  link.textContent = "to the next page";
  document.querySelector("main").append(link);
  htmx.process(link);
  document.addEventListener("htmx:finally:request", () => setTimeout(done, 100), {once: true});
  link.focus();
  link.click();
})"""
"""Follow a link as a person does who has the focus on it; done when its answer is in the page and settled."""

_PLACE = """(() => {
  const now = document.activeElement;
  if (!now || now === document.body) return "nowhere";
  return now.matches("h1,[data-focus],#kabar,#main,.error-summary") ? "" : now.outerHTML.slice(0, 120);
})()"""
"""Where the focus is, unless it is where a new page begins."""

_ASKING = "main :is([hx-get],[hx-post])"

_ASK = """async ([asks, number]) => {
  const asking = document.querySelectorAll(asks)[number];
  if (!asking) return "";
  const target = asking.hasAttribute("hx-target") ? document.querySelector(asking.getAttribute("hx-target")) : asking;
  const link = document.createElement("a");
  link.href = "#main";
  link.textContent = "what has the focus";
  target.append(link);
  link.focus();
  if (document.activeElement !== link) return "what is replaced cannot have the focus";
  const verb = asking.hasAttribute("hx-get") ? "get" : "post";
  await htmx.ajax(verb.toUpperCase(), asking.getAttribute("hx-" + verb), {source: asking});
  await new Promise((done) => setTimeout(done, 100));
  const now = document.activeElement;
  return now && now !== document.body ? "" : "lost it: " + asking.outerHTML.slice(0, 120);
}"""
"""Give the focus to something inside what is replaced, ask, and say whether it was lost."""


STEPS = ("dasar", "inisiator", "urusan", "waktu", "sertifikat")


@pytest.mark.sampled(1)
@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", ROLES, ids=str)
async def test_no_swap_of_any_page_loses_the_focus(screen: Screen, portal: PortalProcess, role: Role | None) -> None:
    own = (portal.told.agencies["setda"],) if role is Role.AGENCY else ()
    page = await screen("/", role, *own)
    wrong: dict[str, list[str]] = {}
    for path in sorted(paths(role, portal.told), key=lambda each: bool(APART.search(each))):
        arrived = await _arrived(page, path)
        if found := [*arrived, *await _parts_lost(page)]:
            wrong[path] = found

    assert wrong == {}


async def test_no_part_of_a_draft_loses_the_focus(screen: Screen, portal: PortalProcess) -> None:
    told = portal.told
    base = f"/opd/inovasi/{told.innovations['Gestur']}"
    page = await screen(base, Role.AGENCY, told.agencies["pkm-sungai-radak"])
    wrong: dict[str, list[str]] = {}
    asked = 0
    for path in (*(f"{base}/profil/{step}" for step in STEPS), f"{base}/bukti/16"):
        arrived = await _arrived(page, path)
        asked += await page.locator(_ASKING).count()
        if found := [*arrived, *await _parts_lost(page)]:
            wrong[path] = found

    assert wrong == {}
    assert asked >= len(STEPS), "no part of these pages asks for itself any more"


async def _arrived(page: Page, path: str) -> list[str]:
    """Come to a page by a link, and say if the focus is not where the page begins."""
    if APART.search(path):
        await page.goto(urljoin(page.url, path))
        return []
    await page.evaluate(_FOLLOW, path)
    place = await page.evaluate(_PLACE)
    return [f"arrived: {place}"] if place else []


async def _parts_lost(page: Page) -> list[str]:
    """The parts of a page that ask for themselves and lose the focus."""
    asked = [await page.evaluate(_ASK, [_ASKING, each]) for each in range(await page.locator(_ASKING).count())]
    return [f"part {number}: {lost}" for number, lost in enumerate(asked) if lost]
