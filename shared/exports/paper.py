"""The common parts of printed pages: the font, the styles, and the footer with page numbers.

The font is Bitstream Vera, which comes with reportlab and is embedded in every file. It has Western European letters
and typographic signs; a missing letter is printed without its accent, or as `?`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph

from shared.web.spreadsheet import clean

PLAIN, BOLD = "Vera", "VeraBd"
INK, FAINT, RULE, WARNING = HexColor("#1a1a1a"), HexColor("#5c5c5c"), HexColor("#b8b8b8"), HexColor("#8a2b06")
MARGIN = 15 * mm
_FOOT = 8 * mm  # from the bottom to the line of the foot


@dataclass(frozen=True)
class Styles:
    """The paragraph styles."""

    title: ParagraphStyle
    centred: ParagraphStyle
    large: ParagraphStyle
    plain: ParagraphStyle
    small: ParagraphStyle
    head: ParagraphStyle
    warning: ParagraphStyle
    warning_centred: ParagraphStyle


@cache
def styles() -> Styles:
    """The styles, with the fonts registered."""
    for name, file in ((PLAIN, "Vera.ttf"), (BOLD, "VeraBd.ttf")):
        pdfmetrics.registerFont(TTFont(name, file))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)
    plain = ParagraphStyle("plain", fontName=PLAIN, fontSize=8.5, leading=11, textColor=INK)
    return Styles(
        title=ParagraphStyle("title", plain, fontName=BOLD, fontSize=14, leading=18, spaceAfter=2 * mm),
        centred=ParagraphStyle("centred", plain, fontSize=11, leading=16, alignment=TA_CENTER),
        large=ParagraphStyle("large", plain, fontName=BOLD, fontSize=20, leading=26, alignment=TA_CENTER),
        plain=plain,
        small=ParagraphStyle("small", plain, fontSize=7, leading=8.8),
        head=ParagraphStyle("head", plain, fontName=BOLD, fontSize=7, leading=8.8),
        warning=ParagraphStyle("warning", plain, textColor=WARNING, spaceBefore=1 * mm, spaceAfter=1 * mm),
        warning_centred=ParagraphStyle(
            "warning-centred", plain, textColor=WARNING, alignment=TA_CENTER, spaceAfter=1 * mm
        ),
    )


def para(text: str, style: ParagraphStyle) -> Paragraph:
    """A paragraph of plain text: markup in it is not interpreted."""
    return Paragraph(escape(printable(text)), style)


def printable(text: str) -> str:
    """The text in letters of the font."""
    known = _known()
    return "".join(sign if ord(sign) in known or sign == "\n" else _nearest(sign, known) for sign in clean(text))


def build(
    path: Path,
    story: Sequence[Flowable],
    *,
    title: str,
    foot: str,
    size: tuple[float, float] = A4,
    margin: float = MARGIN,
    behind: Callable[[Any], None] | None = None,
) -> None:
    """Write the file. foot: on every page, with the page number; margin: on all sides; behind: draws on a page's canvas
    before the text. Equal content gives equal bytes."""
    styles()
    width, height = size
    foot_line, bottom = printable(foot), max(margin, _FOOT + 3 * mm)

    def around(canvas: Any, document: Any) -> None:  # noqa: ANN401 - reportlab's own
        if behind is not None:
            behind(canvas)
        canvas.setFont(PLAIN, 6.5)
        canvas.setFillColor(FAINT)
        canvas.drawString(margin, _FOOT, foot_line)
        canvas.drawRightString(width - margin, _FOOT, f"Halaman {document.page}")

    template = BaseDocTemplate(
        str(path),
        pagesize=size,
        leftMargin=margin,
        rightMargin=margin,
        topMargin=margin,
        bottomMargin=bottom,
        title=printable(title),
        author="Satu Inovasi",
        creator="Satu Inovasi",
        lang="id",
        invariant=1,
    )
    frame = Frame(margin, bottom, width - 2 * margin, height - margin - bottom, leftPadding=0, rightPadding=0)
    template.addPageTemplates([PageTemplate("page", [frame], onPage=around)])
    template.build(list(story))


@cache
def _known() -> frozenset[int]:
    styles()
    face: Any = pdfmetrics.getFont(PLAIN)
    return frozenset(face.face.charToGlyph)


def _nearest(sign: str, known: frozenset[int]) -> str:
    if sign.isspace():
        return " "
    plain = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    return plain if plain and all(ord(part) in known for part in plain) else "?"
