"""Finds agencies by a part of the name, or by an abbreviation of it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.portal.model.states.catalogue import words_of
from services.portal.model.views.region import AgencyView

_LOOSE = 4  # letters of an abbreviation that may leave out letters anywhere ("setda", "disdukcapil")


@dataclass(frozen=True)
class AgencyName:
    """words: of its name, folded; letters: the same without anything between them."""

    id: str
    name: str
    retired: bool
    words: tuple[str, ...]
    letters: str

    @classmethod
    def of(cls, agency: AgencyView) -> AgencyName:
        """Of an agency."""
        words = words_of(agency.name)
        return cls(agency.id, agency.name, agency.retired, words, "".join(words))


def matching(names: Sequence[AgencyName], text: str) -> list[AgencyName]:
    """Those that a text means, otherwise in their order.

    Those in whose words each word of the text is, first those with words that begin so; if there is none, those that it
    abbreviates by how their words begin ("dinkes", "bkpsdm"), or else by letters in their order ("disdukcapil"), the
    names of fewest words first.
    """
    asked = words_of(text)
    if not asked:
        return []
    within = [each for each in names if all(any(word in own for own in each.words) for word in asked)]
    if within:
        return sorted(within, key=lambda each: not _begins(each, asked))
    letters = "".join(asked)
    alike = [each for each in names if each.letters.startswith(letters[0]) and _has_in_order(each, letters)]
    ways: tuple[Callable[[AgencyName], bool], ...] = (
        lambda each: _abbreviates(letters, each.words),
        lambda each: len(letters) >= _LOOSE,  # noqa: ARG005 - one of the ways
    )
    found = next((those for way in ways if (those := [each for each in alike if way(each)])), [])
    return sorted(found, key=lambda each: len(each.words))


def _begins(name: AgencyName, asked: Sequence[str]) -> bool:
    return all(any(own.startswith(word) for own in name.words) for word in asked)


def _has_in_order(name: AgencyName, letters: str) -> bool:
    rest = iter(name.letters)
    return all(letter in rest for letter in letters)


def _abbreviates(letters: str, words: Sequence[str]) -> bool:
    """Whether the letters are beginnings of words, in their order; words may be passed over."""
    reached = {0}  # how many letters the words so far can give
    for word in words:
        for at in tuple(reached):
            for length in range(1, len(word) + 1):
                if not letters.startswith(word[:length], at):
                    break
                reached.add(at + length)
    return len(letters) in reached
