"""How long hand-overs of one day took, from the moment at which a message was due. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Self

from pydantic import Field

from services.notifications.state import DocumentState, replaced

BOUNDS = (1, 2, 5, 10, 30, 60, 300, 900, 3600)  # seconds; the last bucket has all that took longer
PROMISED = 10  # seconds


class DayHistogram(DocumentState):
    """counts: first hand-overs by how long they took, one count for each of BOUNDS and one for longer ones; longest:
    milliseconds; deferred: reason (`quiet`, `mode`, `pace`) → hand-overs put off for it, which are not in `counts`."""

    counts: tuple[int, ...] = (0,) * (len(BOUNDS) + 1)
    longest: int = 0
    deferred: dict[str, int] = Field(default_factory=dict)

    def with_more(self, took: Iterable[int], deferred: Mapping[str, int]) -> Self | None:
        """With hand-overs that took so many milliseconds, and with deferred ones; None for none."""
        counts, longest, added = list(self.counts), self.longest, 0
        for each in took:
            counts[bucket_of(each)] += 1
            longest, added = max(longest, each), added + 1
        if not added and not any(deferred.values()):
            return None
        more = dict(self.deferred)
        for reason, count in deferred.items():
            more[reason] = more.get(reason, 0) + count
        return replaced(self, counts=tuple(counts), longest=longest, deferred=more)

    @property
    def total(self) -> int:
        """All hand-overs that were not deferred."""
        return sum(self.counts)

    @property
    def in_time(self) -> int:
        """Those within PROMISED seconds."""
        return sum(self.counts[: BOUNDS.index(PROMISED) + 1])


def bucket_of(milliseconds: int) -> int:
    """The number of the bucket."""
    return next((number for number, bound in enumerate(BOUNDS) if milliseconds <= bound * 1000), len(BOUNDS))
