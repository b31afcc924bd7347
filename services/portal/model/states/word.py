"""A word by which a verified innovation is found. Pure.

``{word, region, year, agency, stage, form, nature, main_affair, innovation, names, heard}``: what the catalogue is
filtered by, all None of a word that is no longer in the names; names: all words of the innovation's and the agency's
names, in the order of `words_of`; heard: of the innovation.
"""

from __future__ import annotations

from services.portal.model.states.catalogue import words_of
from services.portal.model.states.innovation import is_public
from services.portal.model.states.step import HEARD
from shared.ports.store import State

FILTERS = ("region", "year", "agency", "stage", "form", "nature", "main_affair")


def word_id(innovation: str, word: str) -> str:
    """The id of a word."""
    return f"{innovation}/{word}"


def names_of(innovation: State, agency_name: str) -> tuple[str, ...]:
    """The words by which an innovation is found; none while it is not verified."""
    return words_of(f"{innovation['innovation']['name']} {agency_name}") if is_public(innovation) else ()


def with_word(kept: State | None, word: str, id: str, innovation: State, names: tuple[str, ...]) -> State | None:
    """The newer of what is kept and what this version of the innovation says."""
    if kept is not None and kept[HEARD] > innovation[HEARD]:
        return None
    it = innovation["innovation"]
    on = word in names
    found: State = {name: it[name] for name in FILTERS} if on else dict.fromkeys(FILTERS)
    found |= {"word": word if on else None, "innovation": id, "names": " ".join(names)}
    after = {**found, HEARD: innovation[HEARD]}
    return None if after == kept else after


def is_first(hit: State, leading: str) -> bool:
    """Whether it is the first word of its names that begins so: an innovation is found by that one alone."""
    return bool(hit["word"] == min(each for each in hit["names"].split() if each.startswith(leading)))


def has_all(hit: State, words: tuple[str, ...]) -> bool:
    """Whether each of these begins one of its names."""
    names = hit["names"].split()
    return all(any(name.startswith(word) for name in names) for word in words)
