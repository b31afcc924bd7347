"""Tells, from an obligation and one changed entry, that the obligation stays as it is: without asking for the entries
that decide. Pure.

Each component of the selection that the obligation shows is judged alone: the entries that count, the furthest one, and
the one that went last. So it does not matter whether the obligation has heard of the change already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.notifications.obligations.deadlines import microseconds
from services.notifications.obligations.document import RULES, ObligationDocument
from services.notifications.obligations.entry import Entry
from services.notifications.obligations.entry_index import Rank
from services.notifications.obligations.facts import RegionFact
from services.notifications.obligations.obligation import PROGRESS, MissingFact, ObligationPhase
from services.notifications.obligations.selection import is_eligible
from shared.contracts.obligation import ObligationState
from shared.contracts.vocabulary import CountsWhen, InnovationStatus

_RANKS = {progress: rank for rank, progress in PROGRESS.items()}
_LASTING = (ObligationPhase.OPEN, ObligationPhase.FULFILLED, ObligationPhase.EXEMPTED)


@dataclass(frozen=True)
class Move:
    """A change of an entry; before: None: there was none."""

    before: Entry | None
    after: Entry


def is_unaffected(obligation: ObligationDocument, move: Move, now: datetime) -> bool:
    """Whether the obligation surely stays as it is at business time `now`. True only of one that was derived by the
    present rules; False also where that cannot be seen."""
    before, after = move.before, move.after
    if obligation.rules != RULES:
        return False
    public, region = obligation.public, obligation.facts.region
    if public is None or region is None:
        return obligation.waiting_for == MissingFact.DEADLINE
    if obligation.phase not in _LASTING:
        return False
    if obligation.phase is ObligationPhase.OPEN and not (
        microseconds(now) < obligation.closes and _gone(before) == _gone(after)
    ):
        return False
    return _same_counted(public, region, before, after) and _same_furthest(obligation, before, after)


def _same_counted(public: ObligationState, region: RegionFact, before: Entry | None, after: Entry) -> bool:
    """Whether the same ones count, and of these the last one is the same."""
    enough = len(public.counted) >= public.minimum
    counted = [each for each in (before, after) if each is not None and is_eligible(each, region)]
    if region.counts_when is CountsWhen.VERIFIED:
        return not any(not enough or each.status is InnovationStatus.VERIFIED for each in counted)
    if before is not None and len(counted) > 1 and before.index.first == after.index.first:
        return True
    if not counted:
        return True
    if not enough or public.fulfilled_at is None or after.innovation in public.counted:
        return False
    last = microseconds(public.fulfilled_at)  # the first submission of the last one that is needed
    return all(each.index.first > last for each in counted)


def _same_furthest(obligation: ObligationDocument, before: Entry | None, after: Entry) -> bool:
    """Whether the furthest one is as far, since the same moment."""
    left, reached = _place(before), _place(after)
    if left == reached:
        return True
    if obligation.progress not in _RANKS:
        return False
    since = obligation.progress_since
    furthest = _RANKS[obligation.progress].value, microseconds(since) if since else 0
    return (left is None or left > furthest) and (reached is None or reached >= furthest)


def _place(entry: Entry | None) -> tuple[str, int] | None:
    """Its place in the order of how far they have come; None for one that is gone, or was never here."""
    if entry is None or entry.index.rank >= Rank.GONE:
        return None
    return entry.index.rank.value, entry.index.since


def _gone(entry: Entry | None) -> tuple[int, int] | None:
    """Of one that may open the duty again: its turn, and since when; None for others."""
    if entry is None or entry.turn == 0 or entry.index.rank not in (Rank.RETURNED, Rank.GONE):
        return None
    return entry.turn, entry.index.since
