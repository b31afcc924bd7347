"""Cursors: up to where a reader has read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shared.faults import Flaw, Gone, Invalid

_FORM = re.compile(r"([0-9a-f]{12})-([0-9a-f]{1,15})", re.ASCII)


class FeedRestarted(Gone):
    """The cursor is of a former generation of the feed (HTTP 410)."""

    slug = "feed-restarted"

    def __init__(self, detail: str = "") -> None:
        super().__init__(
            detail
            or "Umpan ini dimulai ulang. Bacalah lagi dari awal (tanpa after), lalu hapus apa yang tidak muncul lagi."
        )


@dataclass(frozen=True, slots=True)
class Cursor:
    """All events with a place up to `place` have been read, in this generation of the feed."""

    generation: str
    place: int

    def encode(self) -> str:
        """As opaque text, of letters, digits and a hyphen."""
        return f"{self.generation}-{self.place:x}"

    @classmethod
    def decode(cls, text: str) -> Cursor:
        """Raises Invalid (field `after`) for a text that `encode` has not made."""
        match = _FORM.fullmatch(text)
        if match is None:
            raise Invalid([Flaw("after", "malformed", "bukan kursor dari umpan ini")])
        return cls(match[1], int(match[2], 16))
