"""A region's mark: whether its indices may be out of date, and whether a sweep is computing them.

    clean ──mark──► stale ──claim──► sweeping ──finish──► clean
                      ▲                 │ mark
                      └─────────────────┘

A change of an input marks the region *after* its own write is durable, and before it acknowledges. A sweep claims
before it reads; so a mark that finds `stale` need not be written (that sweep has not started and will see the change),
and one that finds `sweeping` must be (that sweep may have read past it). A sweep that dies is claimed again when its
lease ends. `generation` counts the claims: the result of an older claim never replaces that of a newer one.

A sweep need not read the region's scorecards if its process knows all changes of them (`figures.py`). `counted_by` is
the process whose figures hold every change that was marked before the newest claim, and `marked_by` are the processes
that have marked since: they hold still if that is nobody else. Older releases store neither: read as *anybody*.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from shared.ports.store import Decision, State
from shared.storage.batches import in_parallel
from shared.storage.shared_runs import SharedRuns

PACE = 1_000  # ms: at most one sweep per region in this time
RESTS = 9  # times the duration of a sweep: the pause after it, so that sweeps take at most a tenth of the time
LEASE = 120_000  # ms: after this time a sweep counts as dead
MARKS = 0.05  # seconds from one shared mark of a region to the next


MarkRegion = Callable[[str], Awaitable[None]]
"""Called with a region's code after one of its scorecards was written; its indices are computed again."""


class Freshness(StrEnum):
    """The states of a mark, see the module."""

    CLEAN = "clean"
    STALE = "stale"
    SWEEPING = "sweeping"


class Mark(BaseModel):
    """The stored fields. due: machine ms; before it no sweep begins; swept: machine ms at which the newest finished
    claim began, 0 before the first; counted: the same of the newest that read the scorecards; marked_by, counted_by:
    ids of processes, see the module; None: anybody, empty: nobody."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    freshness: Freshness
    generation: int = 0
    due: int = 0
    swept: int = 0
    claimed: int = 0
    counted: int = 0
    marked_by: tuple[str, ...] | None = None
    counted_by: str = ""

    def may_be_claimed(self, now: int, audit: int) -> bool:
        """Whether a sweep may start. audit: machine ms; a clean region that was last swept before it may be swept
        again."""
        if self.freshness is Freshness.CLEAN:
            return self.swept < audit
        return now >= (self.due if self.freshness is Freshness.STALE else self.claimed + LEASE)


def is_marked(state: State | None, by: str) -> bool:
    """Whether a mark by that process would change nothing."""
    if state is None or state["freshness"] != Freshness.STALE:
        return False
    marked_by = state.get("marked_by")
    return marked_by is None or by in marked_by


def mark(state: State | None, by: str = "") -> Decision:
    """Mark the region as stale. by: the process that changed an input."""
    if is_marked(state, by):
        return None
    before = Mark.model_validate(state) if state is not None else Mark(freshness=Freshness.CLEAN, marked_by=())
    marked_by = None if before.marked_by is None else (*{*before.marked_by, by},)
    return _kept(before, freshness=Freshness.STALE, marked_by=marked_by)


def claim(state: State | None, now: int, audit: int, by: str = "") -> Decision:
    """Start a sweep by that process, unless another is running or it is too early. `counted_by` of the new state is
    `by` if its figures hold, and were counted at or after audit."""
    if state is None:
        return None
    before = Mark.model_validate(state)
    if not before.may_be_claimed(now, audit):
        return None
    alone = before.marked_by is not None and {by}.issuperset(before.marked_by)
    return _kept(
        before,
        freshness=Freshness.SWEEPING,
        generation=before.generation + 1,
        claimed=now,
        due=now + PACE,
        marked_by=(),
        counted_by=by if alone and before.counted_by == by and before.counted >= audit else "",
    )


def finish(state: State | None, generation: int, now: int, counted_by: str | None = None) -> Decision:
    """End the sweep of that generation. A mark set in the meantime stays; a newer claim is not changed. counted_by: of
    a sweep that has read the scorecards, the process, or nobody if it did not keep the figures; None: it has not."""
    if state is None:
        return None
    before = Mark.model_validate(state)
    if before.generation != generation:
        return None
    took = max(0, now - before.claimed)
    clean = Freshness.CLEAN if before.freshness is Freshness.SWEEPING else before.freshness
    counted = {} if counted_by is None else {"counted_by": counted_by, "counted": before.claimed}
    return _kept(before, freshness=clean, swept=before.claimed, due=max(before.due, now + RESTS * took), **counted)


def _kept(before: Mark, **changes: object) -> Decision:
    return before.model_copy(update=changes).model_dump(mode="json"), None


def mark_all(*marks: MarkRegion) -> MarkRegion:
    """Marks the region in each way, at the same time."""

    async def each(region: str) -> None:
        await in_parallel(marks, lambda mark: mark(region))

    return each


def mark_shared(mark: MarkRegion) -> MarkRegion:
    """Marks the region once for all who ask at the same time: each after its own write, and before the mark begins."""
    runs = SharedRuns(pace=MARKS)

    async def shared(region: str) -> None:
        await runs.run(region, lambda: mark(region))

    return shared


async def mark_nothing(region: str) -> None:
    """A MarkRegion for a process that computes no indices."""
