"""A person without a mouse: Tab, Shift+Tab, Enter, Space, arrows and typing. At every step what has the focus must be
seen, show that it has it, and come after what had it before."""

from __future__ import annotations

from typing import Any

from playwright.async_api import FileChooser, Page

MOST_TABS = 150  # to the next control that is wanted
_MOST_CONTROLS = 600  # of a page

_FOCUSED = """(() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) {
    window.focusedBefore = null;
    return {name: "", kind: "page"};
  }
  const text = (of) => (of?.textContent || "").replace(/\\s+/g, " ").trim();
  const kinds = [
    ["a[href]", "link"], ["button", "button"], ["summary", "summary"], ["iframe", "frame"],
    ["[type=radio], [type=checkbox]", "choice"], ["input, select, textarea", "field"], ["*", "region"],
  ];
  const before = window.focusedBefore;
  window.focusedBefore = e;
  const wanted = window.focusGoesBack ? Node.DOCUMENT_POSITION_PRECEDING : Node.DOCUMENT_POSITION_FOLLOWING;
  const follows = !before?.isConnected || before === e || Boolean(before.compareDocumentPosition(e) & wanted);
  const look = getComputedStyle(e), box = e.getClientRects()[0];
  const top = Math.max(box?.top, 0), bottom = Math.min(box?.bottom, innerHeight);
  const at = (part) => document.elementFromPoint(box.left + box.width * part, (top + bottom) / 2);
  const outlined = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0;
  return {
    kind: kinds.find(([selector]) => e.matches(selector))[1],
    name: e.getAttribute("aria-label") || text(e.labels?.[0] || e),
    legend: text(e.closest("fieldset")?.querySelector("legend")),
    id: e.id,
    order: e.tabIndex,
    follows,
    seen: e.matches("iframe") || bottom - top > 4 && [.5, .1, .9].some((part) => e.contains(at(part))),
    shown: e.matches("iframe, [type=date]") || e.matches(":focus-visible") && (outlined || look.boxShadow !== "none"),
  };
})()"""
"""What has the focus. seen: it is in the window, at least in part, and nothing covers it; shown: it shows that it has
the focus (within a date the browser does); follows: it comes after what had the focus before, or before it on the way
back."""


class Keyboard:
    """The keyboard of a page. A control is found by its name or id, and by its kind if that is told: `link`, `button`,
    `field`, `choice`, `summary`."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._begun = False

    async def to(self, name: str, kind: str = "", *, back: bool = False) -> dict[str, Any]:
        """Tab until a control has the focus whose name begins so, or whose id it is."""
        met: list[str] = []
        for _ in range(MOST_TABS):
            it = await self.tab(back=back)
            if it is None:
                continue
            met.append(_described(it))
            assert not it["flaws"], f"{met[-1]} at {self._page.url}: {', '.join(it['flaws'])}"
            if kind in {"", it["kind"]} and (it["id"] == name or it["name"].startswith(name)):
                return it
        raise AssertionError(f"no {kind or 'control'} {name!r} by Tab at {self._page.url}: {met}")

    async def tab(self, *, back: bool = False) -> dict[str, Any] | None:
        """Press Tab, or Shift+Tab: what has the focus then, with its flaws; None at the end of the page, and at a
        heading, to which a script has moved the focus."""
        await self._page.evaluate(f"window.focusGoesBack = {'true' if back else 'false'}")
        await self._page.keyboard.press("Shift+Tab" if back else "Tab")
        it: dict[str, Any] = await self._page.evaluate(_FOCUSED)
        first, self._begun = not self._begun, it["kind"] != "page"
        if it["kind"] == "page" or it["order"] < 0:
            return None
        good = {
            "not seen": it["seen"],
            "does not show that it has the focus": it["shown"],
            "out of order": it["follows"] or first,
            "with a place of its own in the order": it["order"] == 0,
        }
        return {**it, "flaws": [flaw for flaw, fine in good.items() if not fine]}

    async def round(self) -> list[str]:
        """Tab from the first link through the whole page, and back: what is wrong with what gets the focus."""
        found: list[str] = []
        for back in (False, True):
            for _ in range(_MOST_CONTROLS):
                if _is_first(await self.tab()):
                    break
            else:
                return ["Tab never comes to the skip link"]
            await self._page.evaluate("window.focusedBefore = null")
            for _ in range(_MOST_CONTROLS):
                it = await self.tab(back=back)
                if _is_first(it):
                    break
                if it is not None:
                    found += [f"{_described(it)}{' (back)' if back else ''}: {flaw}" for flaw in it["flaws"]]
        return found

    async def press(self, name: str, kind: str = "", key: str = "Enter", *, back: bool = False) -> None:
        """Go to a control and press a key there."""
        await self.to(name, kind, back=back)
        await self._page.keyboard.press(key)
        self._begun = False  # another page may come

    async def write(self, name: str, text: str) -> None:
        """Go to a field and type; what it had is replaced."""
        await self.to(name, "field")
        await self._page.keyboard.press("Control+A")
        await self._page.keyboard.type(text)

    async def choose(self, group: str, choice: str) -> None:
        """Go to a group of radio buttons, by its legend or the id of its first, and choose with the arrows."""
        for _ in range(MOST_TABS):
            it = await self.to("", "choice")
            if it["legend"].startswith(group) or it["id"].startswith(group):
                break
        await self._page.keyboard.press("Space")
        for _ in range(40):
            name = str((await self._page.evaluate(_FOCUSED))["name"])
            if name.startswith(choice):
                return
            await self._page.keyboard.press("ArrowDown")
        raise AssertionError(f"no choice {choice!r} in {group!r}")

    async def chooser(self, name: str) -> FileChooser:
        """The chooser of files that Enter opens."""
        async with self._page.expect_file_chooser() as opened:
            await self.press(name, "field")
        return await opened.value


def _is_first(it: dict[str, Any] | None) -> bool:
    return it is not None and it["name"] == "Langsung ke isi"


def _described(it: dict[str, Any]) -> str:
    return f"{it['kind']} {it['name'][:40]!r}"
