"""A region's mark: whether its indices may be out of date, and who is computing them.

    clean ──mark──► stale ──claim──► sweeping ──finish──► clean
                      ▲                 │ mark
                      └─────────────────┘

Whatever changes an input marks *after* its own write is durable, and before it acknowledges. A sweep claims before it
reads; so a mark that finds `stale` need not be written (that sweep is still to come and will see the change), and one
that finds `sweeping` must (that sweep may have read past it). A sweep that dies is claimed again when its lease ends.
`generation` counts the claims: what an older claim found never replaces what a newer one has.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from shared.ports.store import Decision, State

PACE = 1_000  # ms: one sweep per region in so long
RESTS = 4  # a sweep that took so long is followed by so many times as long without one
LEASE = 120_000  # ms: a sweep that has not finished by then is taken for dead


MarkRegion = Callable[[str], Awaitable[None]]
"""Called with a region's code after one of its scorecards was written, so that its indices are computed again."""


class Freshness(StrEnum):
    """See the module."""

    CLEAN = "clean"
    STALE = "stale"
    SWEEPING = "sweeping"


class Mark(BaseModel):
    """The document's state. due: machine ms; before it no sweep begins; swept: machine ms at which the newest finished
    claim began, 0 before the first."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    freshness: Freshness
    generation: int = 0
    due: int = 0
    swept: int = 0
    claimed: int = 0

    def may_be_claimed(self, now: int, audit: int) -> bool:
        """audit: machine ms; a clean one that was last swept before it is looked at again."""
        if self.freshness is Freshness.CLEAN:
            return self.swept < audit
        return now >= (self.due if self.freshness is Freshness.STALE else self.claimed + LEASE)


def is_stale(state: State | None) -> bool:
    """Whether a mark would change nothing."""
    return state is not None and state["freshness"] == Freshness.STALE


def mark(state: State | None) -> Decision:
    """Something changed."""
    if is_stale(state):
        return None
    before = Mark.model_validate(state) if state is not None else Mark(freshness=Freshness.STALE)
    return _kept(before, freshness=Freshness.STALE)


def claim(state: State | None, now: int, audit: int) -> Decision:
    """A sweep begins, unless another is under way or it is too early."""
    if state is None:
        return None
    before = Mark.model_validate(state)
    if not before.may_be_claimed(now, audit):
        return None
    return _kept(before, freshness=Freshness.SWEEPING, generation=before.generation + 1, claimed=now, due=now + PACE)


def finish(state: State | None, generation: int, now: int) -> Decision:
    """The sweep of that generation is done. A mark that came meanwhile stays; a newer claim is let be."""
    if state is None:
        return None
    before = Mark.model_validate(state)
    if before.generation != generation:
        return None
    took = max(0, now - before.claimed)
    clean = Freshness.CLEAN if before.freshness is Freshness.SWEEPING else before.freshness
    return _kept(before, freshness=clean, swept=before.claimed, due=max(before.due, now + RESTS * took))


def _kept(before: Mark, **changes: object) -> Decision:
    return before.model_copy(update=changes).model_dump(mode="json"), None


async def mark_nothing(region: str) -> None:
    """For a process that keeps no indices."""
