"""The dates in a text: `3 Desember 2026`, `03-12-2026`, `2026-12-03`, and in words as agreements have them.

A letter states its own date after *pada tanggal* or *Tanggal :*, or after its place (`Sungai Raya, 3 Desember 2026`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.registry.evidence.precheck.hit import Found
from services.registry.evidence.precheck.number_words import number_of
from services.registry.evidence.precheck.text import DocumentText, Page, Quote

_MONTHS = {
    spelling: month
    for month, spellings in enumerate(
        (
            *("januari jan", "februari pebruari feb peb", "maret mar", "april apr", "mei", "juni jun", "juli jul"),
            *("agustus agst agt ags agu", "september sept sep", "oktober okt", "november nopember nov nop"),
            "desember des",
        ),
        1,
    )
    for spelling in spellings.split()
}
_MONTH = f"(?P<month>{'|'.join(_MONTHS)})"  # for each month the longest spelling first
_BETWEEN = r"[\s.,/–-]{1,3}"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d)(?P<day>\d{{1,2}})\s?(?:{_BETWEEN})?(?:bulan\s)?{_MONTH}(?:{_BETWEEN})?(?:tahun\s)?(?P<year>\d{{4}})(?!\d)",
        r"(?<![\d/.-])(?P<day>\d{1,2})\s?[-–/.]\s?(?P<number>\d{1,2})\s?[-–/.]\s?(?P<year>\d{4})(?![\d/])",
        r"(?<![\d/.-])(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})(?!\d)",
    )
)
_WORDS = re.compile(
    rf"tanggal\s(?P<day>[a-z]+(?:\s[a-z]+){{0,2}}?),?\s(?:bulan\s)?{_MONTH},?\stahun\s(?P<year>dua\s?ribu(?:\s[a-z]+){{0,4}})",
    re.IGNORECASE,
)
_OWN = re.compile(r"(?:\bpada\s{0,2}tanggal\s{0,2}:?|\btanggal\s{0,2}:|\btgl\.?\s{0,2}:)\s{0,2}$", re.IGNORECASE)
_PLACE = re.compile(r"(?:^|\n|\s)[A-Z][\w.']+(?:\s[A-Z][\w.']+){0,3}\s?,\s{0,2}$")
_BEFORE = 60  # characters that are read before a date


@dataclass(frozen=True)
class Dated:
    """A date in the text. own: it stands where a letter states its own date; quote: its words."""

    day: date
    own: bool
    quote: Quote


def dates(document: DocumentText) -> list[Dated]:
    """All dates of the text, page by page."""
    return [each for page in document.with_text for each in _of(page)]


def find_date(document: DocumentText, wanted: date) -> Found:
    """Where the date stands; and the letter's own date, if that is another one."""
    found = dates(document)
    own = [each for each in found if each.own]
    same = [each for each in found if each.day == wanted]
    mine = next((each for each in same if each.own), None)
    if mine is not None:
        return Found(mine.quote, own=True)
    here = same[0].quote if same else None
    instead = own[-1].quote if own else None  # a decree has its date at the end
    return Found(here, own=here is not None and instead is None, instead=instead)


def stated_date(document: DocumentText) -> Quote | None:
    """The last date that the letter states of itself."""
    return next((each.quote for each in reversed(dates(document)) if each.own), None)


def _of(page: Page) -> Iterator[Dated]:
    for pattern in _PATTERNS:
        for match in pattern.finditer(page.text):
            named = match.groupdict()
            month = _MONTHS[named["month"].casefold()] if "month" in named else int(named["number"])
            day = _day(int(named["year"]), month, int(named["day"]))
            if day is not None:
                before = page.text[max(0, match.start() - _BEFORE) : match.start()]
                own = _OWN.search(before) is not None or _PLACE.search(before) is not None
                yield Dated(day, own, page.quote(*match.span()))
    for match in _WORDS.finditer(page.text):
        number, year = number_of(match["day"]), _year(match["year"])
        day = _day(year, _MONTHS[match["month"].casefold()], number) if number and year else None
        if day is not None:
            yield Dated(day, own=True, quote=page.quote(*match.span()))


def _year(words: str) -> int | None:
    """The year that the words begin with; what follows them may be no number any more."""
    parts = words.split()
    lengths = range(len(parts), 1, -1)
    return next((found for length in lengths if (found := number_of(" ".join(parts[:length])))), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
