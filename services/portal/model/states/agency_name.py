"""Finds agencies by a part of the name, or by an abbreviation of it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.portal.model.states.catalogue import words_of

_LOOSE = 4  # letters of an abbreviation that may leave out letters anywhere ("setda", "disdukcapil")


@dataclass(frozen=True)
class AgencyName:
    """text: the words of its name, folded, a blank before each; letters: the same without blanks."""

    id: str
    name: str
    retired: bool
    text: str
    letters: str

    @classmethod
    def of(cls, id: str, name: str, *, retired: bool = False) -> AgencyName:
        """Of an agency."""
        words = words_of(name)
        return cls(id, name, retired, "".join(f" {word}" for word in words), "".join(words))

    @property
    def words(self) -> list[str]:
        """Of its name, folded."""
        return self.text.split()


def matching(names: Sequence[AgencyName], text: str) -> list[AgencyName]:
    """Those that a text means, otherwise in their order.

    Those in whose words each word of the text is, first those with words that begin so; if there is none, those that it
    abbreviates by how their words begin ("dinkes", "bkpsdm"), or else by letters in their order ("disdukcapil"), the
    names of fewest words first.
    """
    asked = words_of(text)
    if not asked:
        return []
    within = [each for each in names if all(word in each.text for word in asked)]
    if within:
        return sorted(within, key=lambda each: not all(f" {word}" in each.text for word in asked))
    letters = "".join(asked)
    alike = [each for each in names if each.letters.startswith(letters[0]) and _has_in_order(each, letters)]
    ways: tuple[Callable[[AgencyName], bool], ...] = (
        lambda each: _abbreviates(letters, each.words),
        lambda each: len(letters) >= _LOOSE,  # noqa: ARG005 - one of the ways
    )
    found = next((those for way in ways if (those := [each for each in alike if way(each)])), [])
    return sorted(found, key=lambda each: len(each.words))


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
