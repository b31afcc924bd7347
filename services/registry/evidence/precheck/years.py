"""Whether a document is from the years that its row asks for."""

from __future__ import annotations

import re

from services.registry.evidence.precheck.dates import dates
from services.registry.evidence.precheck.hit import Found
from services.registry.evidence.precheck.text import DocumentText, Page, Quote
from services.registry.evidence.window import YearWindow

_PLANNED = re.compile(
    r"\b(?:tahun anggaran|t\.?a\.?|rkpd|rkpdes|rkas|rba|apbd|tahun)\s?:?\s?(?:tahun\s)?(20\d\d)\b", re.IGNORECASE
)
_CITED = re.compile(r"nomor\s[^\n]{0,30}$", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d/.-])20\d\d(?![\d/-])")


def find_year(document: DocumentText, window: YearWindow, *, planned: bool) -> Found:
    """What places the document in the window; else what places it outside. planned: for documents that plan a year."""
    if planned and (found := _by(document, window, _PLANNED)):
        return found
    all_dates = dates(document)
    stated = [each for each in all_dates if each.own] or all_dates
    inside = next((each for each in stated if each.day.year in window), None)
    if inside is not None:
        return Found(inside.quote, own=True)
    if stated:
        return Found(instead=stated[-1].quote)
    return _by(document, window, _YEAR) or Found()


def _by(document: DocumentText, window: YearWindow, pattern: re.Pattern[str]) -> Found | None:
    """By the years that the pattern finds, but for those of the laws that are named; None when it finds none."""
    outside: Quote | None = None
    for page in document.with_text:
        for match in pattern.finditer(page.text):
            if _of_a_law(page, match.start()):
                continue
            quote = page.quote(*match.span())
            if int(match[0][-4:]) in window:
                return Found(quote, own=True)
            outside = outside or quote
    return Found(instead=outside) if outside is not None else None


def _of_a_law(page: Page, start: int) -> bool:
    return _CITED.search(page.text[max(0, start - 40) : start]) is not None
