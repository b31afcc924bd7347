"""Makes PDFs with reportlab: of lines of text, of a picture, with a password."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

_TOP, _LEFT, _LEADING = 790.0, 60.0, 15.0  # points


def pdf_of(*pages: Sequence[str], font: str = "Helvetica", password: str | None = None) -> bytes:
    """A PDF whose pages have these lines."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, encrypt=password, invariant=True)
    for lines in pages:
        canvas.setFont(font, 11)
        for place, line in enumerate(lines):
            canvas.drawString(_LEFT, _TOP - place * _LEADING, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def scan_of(pages: int = 1, stamp: str = "") -> bytes:
    """A PDF of pictures as large as scanned pages. stamp: text that was put on them afterwards."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=True)
    picture = ImageReader(Image.new("L", (827, 1169), 200))  # A4 at 100 dpi
    for _ in range(pages):
        canvas.drawImage(picture, 0, 0, *A4)
        canvas.drawString(_LEFT, 30, stamp)
        canvas.showPage()
    canvas.save()
    return file.getvalue()
