"""The ladder: which stage of a duty is due on a local day. Pure.

A stage is due from its day until the next one begins, the last one for LAST_FOR days. Stages before the deadline need
an open duty, those after it an overdue one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.reminders.policy.alert_policy import AlertPolicy

OPENED_AGAIN = "opened-again"
LAST_FOR = 7  # days


@dataclass(frozen=True)
class Rung:
    """A stage and the local days, both included, on which it is due. phase: that the duty must have; None: either."""

    stage: str
    first: date
    last: date
    phase: ObligationPhase | None

    def due_on(self, day: date, phase: ObligationPhase) -> bool:
        """Whether it is due on `day` for a duty in that phase."""
        fits = phase in _REMINDED and self.phase in (None, phase)
        return fits and self.first <= day <= self.last


_REMINDED = (ObligationPhase.OPEN, ObligationPhase.OVERDUE)


def before(days: int) -> str:
    """The name of the stage that begins so many days before the deadline."""
    return f"before-{days}"


def after(days: int) -> str:
    """The name of the stage that begins so many days after it."""
    return "overdue" if days == 1 else f"overdue-{days}"


def rungs(policy: AlertPolicy, deadline: date, opened_on: date | None = None) -> tuple[Rung, ...]:
    """The whole ladder of a duty, in the order of time. opened_on: the first local day of its spell; then
    `opened-again` stands for all stages that had begun by that day, and stages after the deadline count from the later
    of the two days."""
    return _rungs(policy.before, policy.after, deadline, opened_on)


@lru_cache(maxsize=1024)  # the agencies of a region share their deadline
def _rungs(
    days_before: tuple[int, ...], days_after: tuple[int, ...], deadline: date, opened_on: date | None
) -> tuple[Rung, ...]:
    base = max(deadline, opened_on) if opened_on else deadline
    begins = [(deadline - timedelta(days=days), before(days), ObligationPhase.OPEN) for days in days_before]
    begins += [(base + timedelta(days=days), after(days), ObligationPhase.OVERDUE) for days in days_after]
    starts: list[tuple[date, str, ObligationPhase | None]] = sorted(begins, key=lambda each: each[0])
    if opened_on:
        starts = [(opened_on, OPENED_AGAIN, None), *(each for each in starts if each[0] > opened_on)]
    return tuple(_with_ends(starts))


def rung_on(ladder: tuple[Rung, ...], day: date, phase: ObligationPhase) -> Rung | None:
    """The stage that is due on `day`; None when none is."""
    for rung in ladder:  # most that it is asked about are not due: the day is the quickest to compare
        if rung.first <= day <= rung.last and rung.due_on(day, phase):
            return rung
    return None


def next_begin(ladder: tuple[Rung, ...], day: date) -> date | None:
    """The first day after `day` on which a stage begins."""
    return min((rung.first for rung in ladder if rung.first > day), default=None)


def _with_ends(starts: list[tuple[date, str, ObligationPhase | None]]) -> Iterator[Rung]:
    for number, (first, stage, phase) in enumerate(starts):
        follows = starts[number + 1][0] if number + 1 < len(starts) else first + timedelta(days=LAST_FOR)
        yield Rung(stage, first, follows - timedelta(days=1), phase)
