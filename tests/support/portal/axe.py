"""Accessibility by axe-core: the rules of WCAG 2.2 up to level AA, and axe's best practices."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from playwright.async_api import Page

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """async (tags) => {
  const rules = {"target-size": {enabled: true}};
  const found = await axe.run(document, {runOnly: {type: "tag", values: tags}, rules, resultTypes: ["violations"]});
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.target.join(" ")}: ${(node.failureSummary || "").replace(/\\s+/g, " ")}`));
}"""


@cache
def source() -> str:
    """axe-core's script."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


async def violations(page: Page) -> list[str]:
    """What is wrong with the page as it is shown now: rule, element, how to mend it."""
    if not await page.evaluate("typeof axe === 'object'"):
        await page.evaluate(source())
    found: list[str] = await page.evaluate(_RUN, _TAGS)
    return found


async def axe(page: Page) -> None:
    """Fails with the violations of the page, if it has any."""
    found = await violations(page)
    assert found == [], "\n".join([page.url, *found])
