"""The colors of charts: text 4.5 to 1 on what is behind it, marks 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11), light and dark
and on paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import services.portal

STATIC = Path(services.portal.__file__).parent / "static"
_ROOT = re.compile(r":root \{(.*?)\}", re.DOTALL)
_TOKEN = re.compile(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})")


def palettes() -> dict[str, dict[str, str]]:
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    paper: dict[str, str] = {"page": "#ffffff"}
    for file in ("satu.css", "charts.css"):
        blocks = [dict(_TOKEN.findall(block)) for block in _ROOT.findall((STATIC / file).read_text("utf-8"))]
        for palette, block in zip((light, dark, paper), blocks, strict=False):
            palette.update(block)
    return {"light": light, "dark": {**light, **dark}, "print": {**light, **paper}}


def luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXT = [
    ("text", "page"),
    ("muted", "page"),
    *(("text", f"heat-{each}") for each in range(4)),
    ("heat-4-text", "heat-4"),
]
MARKS = [
    *(("chart-1", behind) for behind in ("page", "chart-track")),
    *(("chart-3", behind) for behind in ("page", "chart-track")),
    *((mark, "page") for mark in ("chart-up", "chart-down", "chart-edge")),
    ("chart-down", "chart-track"),
]


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_text_and_marks_can_be_told_from_what_is_behind_them(scheme: str) -> None:
    colors = palettes()[scheme]

    weak = {
        f"{one} on {other}": round(contrast(colors[one], colors[other]), 2)
        for least, pairs in ((4.5, TEXT), (3.0, MARKS))
        for one, other in pairs
        if contrast(colors[one], colors[other]) < least
    }
    assert not weak
