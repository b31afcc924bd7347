"""The text of a document, page by page, and how words of it are found and quoted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

_BLANKS = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r" ?\n[ \n]*")
_TOKEN = re.compile(r"[^\W_]+")
_LONGEST_QUOTE = 160  # characters
_FEW_LETTERS = 20  # a page with fewer has no text
_FEW_ON_A_PICTURE = 300  # a page that is a picture has none although a stamp or a footer with so many was put on it


class TextState(StrEnum):
    """How much of a document was read. READ: all pages, or the first ones; SCAN: it has pages, none with text; LOCKED:
    needs a password; UNREADABLE: no valid PDF; TOO_COMPLEX: needs more time or memory than is given; NO_PDF: a
    picture or a video, which is not read; GONE: the file is not kept any more."""

    READ = "read"
    SCAN = "scan"
    LOCKED = "locked"
    UNREADABLE = "unreadable"
    TOO_COMPLEX = "too-complex"
    NO_PDF = "no-pdf"
    GONE = "gone"


@dataclass(frozen=True)
class Token:
    """A run of letters and digits. word: in small letters; start, end: its place in the page's text."""

    word: str
    start: int
    end: int


@dataclass(frozen=True)
class Quote:
    """The words of the document around a place. page: from 1."""

    text: str
    page: int


@dataclass(frozen=True)
class Page:
    """A page. number: from 1; text: with single blanks and line breaks; picture: shows a picture as large as a scan."""

    number: int
    text: str
    picture: bool = False

    @classmethod
    def of(cls, number: int, text: str, *, picture: bool = False) -> Self:
        """The page with its text tidied: compatibility forms such as ligatures and wide letters replaced, runs of
        blanks shortened, so that no pattern meets a long one."""
        whole = _BLANKS.sub(" ", unicodedata.normalize("NFKC", text).replace("\r", "\n"))
        return cls(number, _BREAKS.sub("\n", whole).strip(), picture)

    @property
    def has_text(self) -> bool:
        """Whether it has text of its own."""
        letters = sum(each.isalpha() for each in self.text)
        return letters >= (_FEW_ON_A_PICTURE if self.picture else _FEW_LETTERS)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Its words and numbers, in order."""
        return tuple(Token(each[0].casefold(), each.start(), each.end()) for each in _TOKEN.finditer(self.text))

    @cached_property
    def squeezed(self) -> tuple[str, tuple[int, ...]]:
        """Its letters and digits without anything between them, alike ones as one, and the place of each."""
        kept = [(alike(sign), place) for place, sign in enumerate(self.text) if sign.isalnum()]
        signs = [(each, place) for sign, place in kept for each in sign]
        return "".join(sign for sign, _ in signs), tuple(place for _, place in signs)

    def quote(self, start: int, end: int) -> Quote:
        """The lines with this place, on one line, shortened around it."""
        first = self.text.rfind("\n", 0, start) + 1
        last = self.text.find("\n", end)
        last = len(self.text) if last < 0 else last
        room = max(0, _LONGEST_QUOTE - (end - start)) // 2
        begin, stop = max(first, start - room), min(last, end + room, start + 2 * _LONGEST_QUOTE)
        text = " ".join(self.text[begin:stop].split())
        return Quote(f"{'… ' if begin > first else ''}{text}{' …' if stop < last else ''}", self.number)


@dataclass(frozen=True)
class DocumentText:
    """What was read of a document. pages: how many it has; read: those that were read."""

    state: TextState
    pages: int = 0
    read: tuple[Page, ...] = ()

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Self:
        """From the answer of `reader.py`."""
        read = tuple(
            Page.of(number, each["text"], picture=each["picture"]) for number, each in enumerate(answer["texts"], 1)
        )
        state = TextState(answer["state"])
        if state is TextState.READ and not any(page.has_text for page in read):
            state = TextState.SCAN
        return cls(state, answer["pages"], read)

    @property
    def with_text(self) -> Iterator[Page]:
        """The pages with text."""
        return (page for page in self.read if page.has_text)

    @property
    def without_text(self) -> tuple[int, ...]:
        """The numbers of the pages that were read and have no text."""
        return tuple(page.number for page in self.read if not page.has_text)


_ALIKE = str.maketrans({"1": "i", "l": "i", "|": "i", "0": "o"})


def alike(text: str) -> str:
    """Small letters; those as one that a reader of scans confuses (l, I and 1; O and 0)."""
    return text.casefold().translate(_ALIKE)
