"""The colours of the style sheet: contrast by WCAG 2.2, 1.4.3 and 1.4.11, in the light and in the dark."""

from __future__ import annotations

import re

import pytest

from services.portal.pages.assets import FOLDER, STYLE_SHEET

TEXT, SHAPE = 4.5, 3.0
PAIRS = (
    *(("text", each, TEXT) for each in ("page", "surface")),
    *(("muted", each, TEXT) for each in ("page", "surface")),
    *(("link", each, TEXT) for each in ("page", "surface")),
    *(("link-hover", each, TEXT) for each in ("page", "surface")),
    *(("error", each, TEXT) for each in ("page", "surface")),
    *((f"tag-{each}-text", f"tag-{each}", TEXT) for each in ("neutral", "info", "success", "warning", "error")),
    ("brand-text", "brand", TEXT),
    ("button-text", "button", TEXT),
    ("button-text", "button-hover", TEXT),
    ("quiet-text", "quiet", TEXT),
    ("quiet-text", "quiet-hover", TEXT),
    ("danger-text", "danger", TEXT),
    ("danger-text", "danger-hover", TEXT),
    ("focus-text", "focus", TEXT),
    ("line-strong", "page", SHAPE),
    ("button", "page", SHAPE),
    ("danger", "page", SHAPE),
    ("success", "page", SHAPE),
    ("brand-line", "brand", SHAPE),
    *((f"chart-{number}", "page", SHAPE) for number in range(1, 7)),
)

_BLOCK = re.compile(r":root\s*{(.*?)}", re.DOTALL)
_TOKEN = re.compile(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})\b")


def tokens() -> dict[str, dict[str, str]]:
    """Scheme → token → colour. The dark ones replace those of the light that they name."""
    light, dark = (dict(_TOKEN.findall(block)) for block in _BLOCK.findall((FOLDER / STYLE_SHEET).read_text())[:2])
    return {"light": light, "dark": {**light, **dark}}


def luminance(colour: str) -> float:
    """Relative luminance, by WCAG's definition."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS, ids=str)
def test_a_colour_stands_out_against_its_ground(scheme: str, front: str, back: str, least: float) -> None:
    colours = tokens()[scheme]

    assert contrast(colours[front], colours[back]) >= least, f"{colours[front]} on {colours[back]}"


def test_black_on_white_has_the_greatest_contrast() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0


def test_a_part_names_no_colour_itself() -> None:
    rules = (FOLDER / STYLE_SHEET).read_text()
    rules = rules[rules.index("*, *::before") : rules.index("@media print")]

    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^(]*\))", rules) == []
