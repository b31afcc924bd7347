"""Finds a person's name in a text, by the name or by a keyed fingerprint of it. Pure.

The list of erasures must not name the erased. So it keeps a fingerprint of the name's words, and after a restore each
run of as many words of a text is compared with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b

from shared.storage.erasures.entry import Erasure

HIDDEN = "•••"
"""In the place of a name; never longer than the name, so that no limit of a field is passed."""

Words = tuple[str, ...]

_APOSTROPHES = "'’ʼ`"
_WORD = re.compile(rf"[^\W\d_]+(?:[{_APOSTROPHES}][^\W\d_]+)*")
_NO_APOSTROPHE = str.maketrans("", "", _APOSTROPHES)


def words_of(text: str) -> Words:
    """The words of a name or a text, folded: `Ma'RUF, S.T.` → `maruf`, `s`, `t`."""
    return tuple(_folded(match[0]) for match in _WORD.finditer(text))


def fingerprint(words: Words, key: bytes) -> str:
    """A keyed digest (BLAKE2b, 128 bits, in hex). Without the key nobody can try names out."""
    return blake2b(" ".join(words).encode(), key=key, digest_size=16).hexdigest()


class NameFinder:
    """Finds runs of words."""

    def __init__(self, tests: Mapping[int, Callable[[Words], bool]]) -> None:
        """tests: by the number of words, whether these are a name that is looked for."""
        self._tests = dict(sorted(tests.items(), reverse=True))  # `Siti Aminah` before `Siti`

    @classmethod
    def of_name(cls, name: str) -> NameFinder:
        """Finds one name. Raises ValueError for a text without a word."""
        return cls.of_names([name])

    @classmethod
    def of_names(cls, names: Iterable[str]) -> NameFinder:
        """Finds several names. Raises ValueError for a text without a word."""
        wanted: dict[int, set[Words]] = {}
        for words in map(words_of, names):
            if not words:
                raise ValueError("a name has at least one word")
            wanted.setdefault(len(words), set()).add(words)
        return cls({count: words.__contains__ for count, words in wanted.items()})

    @classmethod
    def of_erasures(cls, erasures: Iterable[Erasure], key: bytes) -> NameFinder:
        """Finds the names with these fingerprints."""
        wanted: dict[int, set[str]] = {}
        for each in erasures:
            wanted.setdefault(each.words, set()).add(each.id)
        return cls({count: _fingerprinted(ids, key) for count, ids in wanted.items()})

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where names begin and end, in order; they do not overlap."""
        found: list[tuple[int, int]] = []
        matches = list(_WORD.finditer(text))
        words = [_folded(match[0]) for match in matches]
        place = 0
        while place < len(words):
            count = next((n for n in self._tests if self._at(words, place, n)), 0)
            if count:
                found.append((matches[place].start(), matches[place + count - 1].end()))
            place += count or 1
        return found

    def replaced(self, text: str, by: str | None = None) -> str:
        """The text with another name in the place of each; None: hidden."""
        parts: list[str] = []
        end = 0
        for start, stop in self.spans(text):
            parts += [text[end:start], HIDDEN[: stop - start] if by is None else by]
            end = stop
        return "".join([*parts, text[end:]])

    def _at(self, words: list[str], place: int, count: int) -> bool:
        run = tuple(words[place : place + count])
        return len(run) == count and self._tests[count](run)


def _fingerprinted(ids: set[str], key: bytes) -> Callable[[Words], bool]:
    return lambda words: fingerprint(words, key) in ids


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold().translate(_NO_APOSTROPHE)
