"""A letter's subject and an innovation's name in a text, although lines are broken, letters are spaced or a word is
missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.registry.evidence.precheck.hit import Found
from services.registry.evidence.precheck.text import DocumentText, Page, Quote, Token, alike

_LEAST_SQUEEZED = 8  # signs; a shorter text is looked for as whole words only
_LEAST_MISREAD = 5  # signs of a word
_LEAST_PART = 4  # signs of a part of a name
_SMALL = frozenset(
    map(
        alike,
        (
            *("dan", "atau", "yang", "di", "ke", "dari", "pada", "untuk", "dengan", "dalam", "oleh", "tentang"),
            *("atas", "serta"),
        ),
    )
)
_MOST_WORDS = 80  # of what is looked for
_PARTS = re.compile(r"[()“”\"]|\s[-–—:|]\s|:\s")
_SUBJECT = re.compile(
    r"(?:^|\n)\s?(?:t\s?e\s?n\s?t\s?a\s?n\s?g\b[ :]{0,3}\n?|(?:hal|perihal|judul)\s?:\s?)(?P<text>\S[^\n]*)",
    re.IGNORECASE,
)
_YEAR_WORD = alike("tahun")  # with a number at the end of a subject, it may be left out
_QUOTES = "\"'“”‘’«»"


@dataclass(frozen=True)
class _Tolerance:
    """Of how many words one may be missing, and of how many one may be added."""

    missing: int
    added: int


_TITLE = _Tolerance(missing=6, added=5)
_OF_SUBJECT = _Tolerance(missing=5, added=3)


def find_subject(document: DocumentText, wanted: str) -> Found:
    """Where the subject stands; else what the letter gives as its subject."""
    here = _find(document, wanted, _OF_SUBJECT)
    return Found(here, own=here is not None, instead=None if here else stated_subject(document))


def stated_subject(document: DocumentText) -> Quote | None:
    """The line after *tentang*, *Hal* or *Perihal* in the head of the first page with text."""
    for page in document.with_text:
        if match := _SUBJECT.search(page.text):
            return page.quote(match.start("text"), match.end("text"))
    return None


def find_title(document: DocumentText, wanted: str) -> Found:
    """Where the innovation is named: by its whole name, or by one of its parts, such as the short name."""
    for part in _parts_of(wanted):
        if here := _find(document, part, _TITLE, as_name=True):
            return Found(here, own=True)
    return Found()


def _parts_of(name: str) -> Iterator[str]:
    yield name
    parts = [part.strip() for part in _PARTS.split(name) if part]
    if len(parts) > 1:
        yield from (part for part in parts if len(part) >= _LEAST_PART)


def _find(document: DocumentText, wanted: str, tolerance: _Tolerance, *, as_name: bool = False) -> Quote | None:
    words = [alike(word) for word in re.findall(r"[^\W_]+", wanted)][:_MOST_WORDS]
    if not words:
        return None
    exact = (_exactly(page, words, as_name=as_name) for page in document.with_text)
    found = next((each for each in exact if each is not None), None)
    content = [word for word in words if word not in _SMALL]
    if found is not None or len(content) < 3:  # noqa: PLR2004 - of two words none may be missing
        return found
    nearly = (_nearly(page, content, tolerance) for page in document.with_text)
    return next((each for each in nearly if each is not None), None)


def _exactly(page: Page, words: Sequence[str], *, as_name: bool) -> Quote | None:
    needle = "".join(words)
    if len(words) == 1 and as_name:
        return _as_name(page, words[0])
    if len(needle) < _LEAST_SQUEEZED:
        return _as_words(page, words)
    squeezed, places = page.squeezed
    start = squeezed.find(needle)
    while start >= 0:
        first, last = places[start], places[start + len(needle) - 1]
        if not (_inside_word(page.text, first - 1, first) or _inside_word(page.text, last, last + 1)):
            return page.quote(first, last + 1)
        start = squeezed.find(needle, start + 1)
    return None


def _inside_word(text: str, left: int, right: int) -> bool:
    return left >= 0 and right < len(text) and text[left].isalnum() and text[right].isalnum()


def _as_words(page: Page, words: Sequence[str]) -> Quote | None:
    tokens = page.tokens
    for start in range(len(tokens) - len(words) + 1):
        if all(alike(tokens[start + place].word) == word for place, word in enumerate(words)):
            return page.quote(tokens[start].start, tokens[start + len(words) - 1].end)
    return None


def _as_name(page: Page, word: str) -> Quote | None:
    """A name of one word may be an ordinary word (*Spirit*): only with a capital or between quotation marks."""
    for token in page.tokens:
        if alike(token.word) == word:
            quoted = token.start > 0 and page.text[token.start - 1] in _QUOTES
            if quoted or page.text[token.start].isupper() or not word[0].isalpha():
                return page.quote(token.start, token.end)
    return None


def _nearly(page: Page, words: Sequence[str], tolerance: _Tolerance) -> Quote | None:
    """A stretch of the page with nearly all the words in their order, and few others between them."""
    tokens = [token for token in page.tokens if alike(token.word) not in _SMALL]
    missing, added = len(words) // tolerance.missing, max(1, len(words) // tolerance.added)
    wanted = frozenset(words)
    known = [alike(token.word) in wanted for token in tokens]
    length = len(words) + added
    inside = sum(known[:length])
    for start in range(len(tokens)):
        begins = known[start] or _misread(words[0], alike(tokens[start].word))
        if begins and inside >= len(words) - missing:
            window = tokens[start : start + length]
            if span := _in_order(window, words, missing, added):
                return page.quote(window[0].start, window[span - 1].end)
        inside += (known[start + length] if start + length < len(known) else 0) - known[start]
    return None


def _in_order(window: Sequence[Token], words: Sequence[str], missing: int, added: int) -> int:
    """How many of the window's words hold the wanted ones in order; 0 if too many are missing or added, or if a word
    stands in the place of another one."""
    place = seen = last = 0
    for position, token in enumerate(window, 1):
        word = alike(token.word)
        ahead = words[place : place + missing + 1]
        skipped = next((skip for skip, each in enumerate(ahead) if each == word or _misread(each, word)), None)
        if skipped is None:
            continue
        if skipped and (last == 0 or position > last + 1):
            return 0  # the first word is missing, or others stand in the place of the missing ones
        place, seen, last = place + skipped + 1, seen + 1, position
    if any(word != _YEAR_WORD and not any(map(str.isdigit, word)) for word in words[place:]):
        return 0
    return last if seen >= len(words) - missing and last - seen <= added else 0


def _misread(wanted: str, word: str) -> bool:
    """Whether they differ in one sign, as a word does that a scanner has misread."""
    if len(wanted) != len(word) or len(word) < _LEAST_MISREAD:
        return False
    return sum(one != other for one, other in zip(wanted, word, strict=True)) == 1
