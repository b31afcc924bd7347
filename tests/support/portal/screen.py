"""A page of the browser as a person has it: small or wide, light or dark, with JavaScript or without."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from playwright.async_api import Browser, Page

from shared.clock import machine_seconds

PHONE, DESK = 360, 1280  # CSS pixels


@dataclass(frozen=True)
class Look:
    """width: CSS pixels; scheme: of colours."""

    width: int = DESK
    scheme: Literal["light", "dark"] = "light"
    javascript: bool = True

    def __str__(self) -> str:
        return f"{self.width} px, {self.scheme}{'' if self.javascript else ', no JavaScript'}"


LOOKS = tuple(Look(width, scheme) for width in (PHONE, DESK) for scheme in ("light", "dark"))


def drawn(dice: random.Random) -> Look:
    """A look by the seed of the run."""
    look = dice.choice(LOOKS)
    print(f"look: {look}")
    return look


_FOCUS_IS_KEPT = """() => {
  let before = null;
  document.addEventListener("htmx:before:swap", () => { before = document.activeElement; }, true);
  document.addEventListener("htmx:after:swap", (event) => setTimeout(() => {
    const now = document.activeElement;
    if (before && before !== document.body && (!now || now === document.body))
      console.error("the focus was lost after a swap, asked for by " + event.target.outerHTML.slice(0, 200));
  }, 60));
}"""


async def opened(browser: Browser, look: Look, *cookies: dict[str, str]) -> Page:
    """A new page in a context of its own, in which scripts' errors, refused content and a focus that a swap has
    lost fail the test: they are kept in `page.faults`, which `faults_of` reads."""
    context = await browser.new_context(
        viewport={"width": look.width, "height": 800},
        color_scheme=look.scheme,
        locale="id-ID",
        java_script_enabled=look.javascript,
        has_touch=look.width == PHONE,
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    if cookies:
        await context.add_cookies([*cookies])  # type: ignore[list-item]  # a cookie's keys are those of `sign_in`
    page = await context.new_page()
    await page.add_init_script(f"({_FOCUS_IS_KEPT})()")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.faults = faults  # type: ignore[attr-defined]
    return page


EXPECTED = ("Failed to load resource",)  # a page with an error status, which tests ask for


def faults_of(page: Page) -> list[str]:
    """Errors of scripts, and what the content security policy has refused."""
    found: list[str] = getattr(page, "faults", [])
    return [each for each in found if not each.startswith(EXPECTED)]


async def holds(page: Page, expression: str, seconds: float = 10.0) -> None:
    """Wait until a JavaScript expression is true. Playwright's own `wait_for_function` needs `eval` within the page,
    which its policy forbids."""
    until = machine_seconds() + seconds
    while not await page.evaluate(expression):
        assert machine_seconds() < until, f"not within {seconds} s: {expression}"
        await page.wait_for_timeout(20)
