"""The number of a letter in its text.

Numbers are compared part by part (`188.45/12/HUK/2026`: 188, 45, 12, huk, 2026), so that blanks, another dash and the
word *Tahun* make no difference. A letter's own number stands after *Nomor* in the head of a page where a letter begins;
laws that it refers to come later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from services.registry.evidence.precheck.hit import Found
from services.registry.evidence.precheck.text import DocumentText, Page, Quote, Token

_LABELS = frozenset({"nomor", "no", "nomer"})
_SKIPPED = _LABELS | {"tahun", "th"}
_HEAD_ENDS = re.compile(r"\b(?:menimbang|mengingat|membaca|memperhatikan|dasar|pasal 1)\b", re.IGNORECASE)
_HEAD = 1_200  # characters in which a letter states its number, if nothing ends its head before
_GAP = 6  # characters between two parts of a number
_CITED = re.compile(
    r"(?:undang|peraturan|keputusan|instruksi|surat|edaran|bupati|wali kota|negeri|daerah|presiden)\W{0,3}$"
)


def find_number(document: DocumentText, wanted: str) -> Found:
    """Where the number stands; and the letter's own number, if that is another one."""
    parts = _parts(wanted)
    anywhere, instead, labelled = None, None, False
    for page in document.with_text:
        for label in _labels(page):
            labelled = True
            if behind := _end_of(page.tokens, label + 1, parts):
                return Found(_quote(page, label, behind), own=True)
            instead = instead or _stated(page, label)
        anywhere = anywhere or _anywhere(page, parts)
    return Found(anywhere, own=anywhere is not None and not labelled, instead=instead)


def stated_number(document: DocumentText) -> Quote | None:
    """The first number that the letter states of itself."""
    stated = (_stated(page, label) for page in document.with_text for label in _labels(page))
    return next((each for each in stated if each is not None), None)


def _parts(text: str) -> tuple[str, ...]:
    words = (each[0].casefold() for each in re.finditer(r"[^\W_]+", text))
    return tuple(each for each in words if each not in _SKIPPED)


def _labels(page: Page) -> Iterator[int]:
    """The places, among the page's words, of *Nomor* in its head, but for those of a law that is named there. After the
    first page only at the beginning of a line."""
    ends = _HEAD_ENDS.search(page.text)
    head = min(ends.start() if ends else _HEAD, _HEAD)
    for place, token in enumerate(page.tokens):
        if token.start >= head:
            return
        if token.word in _LABELS and (_begins_line(page, token) or (page.number == 1 and _is_stated(page, token))):
            yield place


def _begins_line(page: Page, token: Token) -> bool:
    return token.start == 0 or page.text[token.start - 1] == "\n"


def _is_stated(page: Page, token: Token) -> bool:
    """Whether it is a label within a line, as where two columns came into one: `Nomor :`, and of no law."""
    before = page.text[max(0, token.start - 40) : token.start].casefold()
    return page.text[token.end : token.end + 2].lstrip().startswith(":") and not _CITED.search(before)


def _end_of(tokens: Sequence[Token], start: int, parts: Sequence[str]) -> int:
    """The place behind the number if it begins at `start`, else 0."""
    seen, place = 0, start
    while seen < len(parts) and place < len(tokens):
        word = tokens[place].word
        if word == parts[seen]:
            seen += 1
        elif word not in _SKIPPED:
            return 0
        place += 1
    return place if parts and seen == len(parts) else 0


def _anywhere(page: Page, parts: Sequence[str]) -> Quote | None:
    if len(parts) == 1:
        return None  # a lone number says nothing but after *Nomor*
    for start, token in enumerate(page.tokens):
        behind = _end_of(page.tokens, start, parts) if token.word == parts[0] else 0
        if behind and all(after.start - before.end <= _GAP for before, after in pairwise(page.tokens[start:behind])):
            return _quote(page, start, behind)
    return None


def _stated(page: Page, label: int) -> Quote | None:
    """What follows the label on its line; None without a digit: the number was left open."""
    start = page.tokens[label].start
    end = page.text.find("\n", start)
    line = page.text[start : end if end >= 0 else len(page.text)]
    return page.quote(start, start + len(line)) if any(sign.isdigit() for sign in line) else None


def _quote(page: Page, first: int, behind: int) -> Quote:
    return page.quote(page.tokens[first].start, page.tokens[behind - 1].end)
