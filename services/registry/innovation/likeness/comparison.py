"""How alike two innovations are, in figures that can be explained, and the words that they share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.registry.innovation.likeness.content import Content, telling

_WORD = re.compile(r"[^\W_]+")
_LEAST = 8  # words of a shared passage
_MOST_PASSAGES = 3
_LONGEST = 400  # characters of a passage that are shown


class Level(StrEnum):
    """SAME: most likely one innovation; CLOSE: a person should look at both; RELATED: about the same matter."""

    SAME = "same"
    CLOSE = "close"
    RELATED = "related"


class Passage(BaseModel):
    """Words that both have. words: how many; here, there: as written in each, shortened; fields: where they are."""

    model_config = ConfigDict(frozen=True)

    words: int
    here: str
    here_field: str
    there: str
    there_field: str


class Comparison(BaseModel):
    """names: how alike the names are; texts: how many runs of three telling words of the shorter proposal the other has
    too; words: how many of their telling words they share. All in per cent. same_short_name: both have the same short
    name."""

    model_config = ConfigDict(frozen=True)

    level: Level | None
    names: int
    texts: int
    words: int
    same_short_name: bool
    passages: tuple[Passage, ...]
    explanation: str

    @classmethod
    def of(cls, here: Content, there: Content) -> Self:
        """Compare two."""
        names = _alike_names(here.folded_name, there.folded_name)
        same_short_name = here.short_name != "" and here.short_name == there.short_name
        texts, words = _shared_runs(here, there), _shared_words(here, there)
        level = _level(names, texts, words, same_short_name=same_short_name)
        passages = tuple(_passages(here, there)) if level is not None else ()
        return cls(
            level=level,
            names=names,
            texts=texts,
            words=words,
            same_short_name=same_short_name,
            passages=passages,
            explanation=_explained(names, texts, words, same_short_name=same_short_name),
        )

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """The greater, the more alike."""
        return (self._places, self.texts, self.names, self.words)

    @property
    def _places(self) -> int:
        return 0 if self.level is None else len(Level) - list(Level).index(self.level)


def _level(names: int, texts: int, words: int, *, same_short_name: bool) -> Level | None:
    """The rules; see docs/likeness.md."""
    if texts >= 50 or (texts >= 20 and (names >= 80 or same_short_name)):  # noqa: PLR2004 - the rules
        return Level.SAME
    if texts >= 20 or names >= 80 or same_short_name:  # noqa: PLR2004 - as above
        return Level.CLOSE
    return Level.RELATED if words >= 15 else None  # noqa: PLR2004 - as above


def _alike_names(one: str, other: str) -> int:
    """Per cent of the pairs of letters that two names share (Dice)."""
    if one == other:
        return 100 if one else 0
    first, second = _pairs(one), _pairs(other)
    both = len(first & second)
    return round(200 * both / (len(first) + len(second))) if first and second else 0


def _pairs(name: str) -> frozenset[str]:
    padded = f" {name} "
    return frozenset(padded[place : place + 2] for place in range(len(padded) - 1)) if name else frozenset()


def _shared_runs(here: Content, there: Content) -> int:
    least = min(len(here.runs), len(there.runs))
    return round(100 * len(here.runs & there.runs) / least) if least else 0


def _shared_words(here: Content, there: Content) -> int:
    both = here.weights.keys() & there.weights.keys()
    shared = sum(min(here.weights[word], there.weights[word]) for word in both)
    total = sum(here.weights.values()) + sum(there.weights.values()) - shared
    return round(100 * shared / total) if total else 0


def _explained(names: int, texts: int, words: int, *, same_short_name: bool) -> str:
    short = "; nama singkatnya sama" if same_short_name else ""
    return (
        f"Nama serupa {names} %{short}. Dari rangkaian tiga kata pada uraian yang lebih pendek, {texts} % juga ada "
        f"pada yang lain. Kata kunci yang sama {words} %. Perbandingan kata secara otomatis, bukan penilaian."
    )


def _passages(here: Content, there: Content) -> Iterator[Passage]:
    """The passages that both have word for word, with the most telling words first."""
    found = sorted(_common(here, there), key=lambda each: (-len(telling(each.here)), -each.words))
    yield from found[:_MOST_PASSAGES]


def _common(here: Content, there: Content) -> Iterator[Passage]:
    known: dict[tuple[str, ...], tuple[str, str, list[re.Match[str]], int]] = {}
    for field, text in there.texts:
        tokens = list(_WORD.finditer(text))
        folded = [each[0].casefold() for each in tokens]
        for start in range(len(tokens) - _LEAST + 1):
            known.setdefault(tuple(folded[start : start + _LEAST]), (field, text, tokens, start))
    for field, text in here.texts:
        tokens = list(_WORD.finditer(text))
        start = 0
        while start <= len(tokens) - _LEAST:
            match = known.get(tuple(each[0].casefold() for each in tokens[start : start + _LEAST]))
            if match is None:
                start += 1
                continue
            other_field, other_text, others, first = match
            length = _length(tokens, start, others, first)
            yield Passage(
                words=length,
                here=_shown(text, tokens[start : start + length]),
                here_field=field,
                there=_shown(other_text, others[first : first + length]),
                there_field=other_field,
            )
            start += length


def _length(tokens: Sequence[re.Match[str]], start: int, others: Sequence[re.Match[str]], first: int) -> int:
    length, most = _LEAST, min(len(tokens) - start, len(others) - first)
    while length < most and tokens[start + length][0].casefold() == others[first + length][0].casefold():
        length += 1
    return length


def _shown(text: str, tokens: Sequence[re.Match[str]]) -> str:
    whole = " ".join(text[tokens[0].start() : tokens[-1].end()].split())
    return whole if len(whole) <= _LONGEST else f"{whole[:_LONGEST]} …"
