"""The values of the state texts that were read or written last, so that a process decodes a version once.

A value is found by its whole text, so that it cannot be that of another version: no store, no other process and no
restore needs to tell anything.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

MOST_CHARACTERS = 2 * 2**20  # of all texts; a value takes some times the memory of its text
LONGEST = 64 * 2**10  # characters of one text; what is longer is rarely read twice


class DecodedTexts:
    """Values by their text, with what decodes it; the one that was not asked for longest goes first. Values are shared
    by all who ask: they must be immutable."""

    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        """most: characters of all texts."""
        self._most = most
        self._longest = min(LONGEST, most)
        self._values: OrderedDict[str, tuple[Hashable, Any]] = OrderedDict()
        self._characters = 0

    def get(self, decoder: Hashable, text: str) -> Any:  # noqa: ANN401 - of the type that the decoder gives
        """The value; None when it is not kept."""
        kept = self._values.get(text)
        if kept is None or kept[0] is not decoder:
            return None
        self._values.move_to_end(text)
        return kept[1]

    def keep(self, decoder: Hashable, text: str, value: Any) -> None:  # noqa: ANN401 - as above
        """Keep the value of a text, in the place of what another decoder made of it."""
        length = len(text)
        if length > self._longest:
            return
        if text not in self._values:
            self._characters += length
        self._values[text] = (decoder, value)
        while self._characters > self._most:
            former, _ = self._values.popitem(last=False)
            self._characters -= len(former)


DECODED = DecodedTexts()
"""Of this process."""

NOTHING_DECODED = DecodedTexts(most=0)
"""Keeps nothing."""
