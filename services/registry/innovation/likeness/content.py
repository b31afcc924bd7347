"""What of an innovation is compared: its name, and the words of its proposal but for those that all proposals have."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Self

from services.registry.innovation.profile import Profile

PROSE = ("design", "purpose", "benefit", "outcome")
"""The texts of a profile: Rancang bangun, Tujuan, Manfaat, Hasil."""

_WORD = re.compile(r"[^\W_]+")
_ACRONYM = re.compile(r"^[^\W\d_][\w-]{2,}$")

COMMON = frozenset(
    word
    for line in Path(__file__).with_name("common_words.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)
"""Words that say nothing about which innovation it is."""


@dataclass(frozen=True)
class Content:
    """name: as it was written; texts: field of PROSE → text."""

    name: str
    texts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, profile: Profile) -> Self:
        """From a profile."""
        given = ((field, getattr(profile, field)) for field in PROSE)
        return cls(profile.name or "", tuple((field, text) for field, text in given if text))

    @property
    def folded_name(self) -> str:
        """The name in small letters, without marks, signs and years."""
        return " ".join(word for word in words(self.name) if not re.fullmatch(r"20\d\d", word))

    @property
    def short_name(self) -> str:
        """The name's first word or the word in brackets, if it stands for the rest (`SPIRIT (Sistem …)`), else the
        whole folded name."""
        parts = [part.strip() for part in re.split(r"[()\[\]:]|\s[-–—]\s", self.name) if part.strip()]
        short = next((part for part in parts if len(parts) > 1 and _ACRONYM.match(part)), None)
        return " ".join(words(short)) if short else self.folded_name

    @cached_property
    def weights(self) -> dict[str, int]:
        """Each telling word with its weight: 6 in the name, 2 in purpose, benefit and outcome, 1 in the design."""
        found: dict[str, int] = {}
        weighed = (*((text, 1 if field == "design" else 2) for field, text in self.texts), (self.name, 6))
        for text, weight in weighed:
            for word in telling(text):
                found[word] = max(weight, found.get(word, 0))
        return found

    @cached_property
    def runs(self) -> frozenset[tuple[str, str, str]]:
        """The runs of three telling words of the texts."""
        found = set[tuple[str, str, str]]()
        for _, text in self.texts:
            pairs = list(pairwise(telling(text)))
            found.update((first, second, third) for (first, second), (_, third) in pairwise(pairs))
        return frozenset(found)


def words(text: str) -> list[str]:
    """The words and numbers of a text, in small letters without marks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    if not plain.isascii():
        plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _WORD.findall(plain)


def telling(text: str) -> list[str]:
    """Its words but for the common ones and lone letters and digits."""
    return [word for word in words(text) if word not in COMMON and len(word) > 1]
