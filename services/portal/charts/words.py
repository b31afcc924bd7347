"""Fits words into a given number of characters."""

from __future__ import annotations

from itertools import islice
from textwrap import wrap

_ELLIPSIS = "…"


def shortened(words: str, most: int) -> str:
    """The words in at most so many characters, cut between words where one ends late enough."""
    if len(words) <= most:
        return words
    cut = words[: most - 1]
    end = cut.rfind(" ")
    return (cut[:end] if end > most // 2 else cut).rstrip(" ,.;") + _ELLIPSIS


def in_lines(words: str, most: int, lines: int) -> list[str]:
    """The words in at most `lines` lines of at most `most` characters; what does not fit is cut off with `…`."""
    made = wrap(words, most, break_long_words=True) or [""]
    if len(made) <= lines:
        return made
    return [*islice(made, lines - 1), shortened(" ".join(made[lines - 1 :]), most)]
