"""The running figures of regions: what a sweep has counted, kept up by every change of a scorecard that this process
makes afterwards, so that the next sweep need not read the scorecards again.

They are this process's own, in memory. `marks.py` tells whether another process has changed scorecards meanwhile; then,
and whenever a change cannot be followed (`doubt`), the region is counted anew. A count streams the scorecards while
they change. So it remembers the sequence at which it saw each, and takes of the changes reported meanwhile those only
that it has not seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from services.scoring.index.document import RoundTotals, ScoredCard, scored_card
from services.scoring.index.rounds import Rounds
from shared.ports.store import State

Totals = dict[int, RoundTotals]
"""Year of the round → its totals."""


@dataclass(frozen=True)
class CardChange:
    """A durable change of one scorecard, at the sequence that it got. before: None when there was none."""

    id: str
    sequence: int
    before: ScoredCard | None
    after: ScoredCard


@dataclass
class _Kept:
    """seen: the sequences that the count saw, while a change may still be reported that was made before its end."""

    totals: Totals
    seen: dict[str, int] | None

    def take(self, change: CardChange) -> None:
        if self.seen is not None and self.seen.get(change.id, 0) >= change.sequence:
            return
        for each in self.totals.values():
            if change.before is not None:
                each.add(change.before, -1)
            each.add(change.after)


@dataclass
class Recount:
    """A count of a region that is under way. former: the figures that it replaces, followed to its end."""

    totals: Totals
    former: Totals | None
    seen: dict[str, int] = field(default_factory=dict)
    meanwhile: list[CardChange] = field(default_factory=list)
    doubtful: bool = False

    def add(self, id: str, sequence: int, card: ScoredCard) -> None:
        """Count a scorecard as it was at that sequence."""
        self.seen[id] = sequence
        for each in self.totals.values():
            each.add(card)


class RunningFigures:
    """One for a process. Not for threads."""

    def __init__(self, rounds: Rounds) -> None:
        self._rounds = rounds
        self._kept: dict[str, _Kept] = {}
        self._counts: dict[str, Recount] = {}
        self._changing: Counter[str] = Counter()

    def of(self, region: str) -> Totals | None:
        """The figures of a region; None when they have to be counted. Must not be altered, nor kept."""
        kept = self._kept.get(region)
        return None if kept is None else kept.totals

    @contextmanager
    def changing(self, region: str) -> Iterator[None]:
        """A scorecard of the region is changed, and the change reported, inside. If it fails, nobody knows whether it
        was made."""
        self._changing[region] += 1
        try:
            yield
        except BaseException:
            self.doubt(region)
            raise
        finally:
            self._changing[region] -= 1
            if not self._changing[region]:
                del self._changing[region]
                if region in self._kept:
                    self._kept[region].seen = None

    def changed(self, id: str, sequence: int, before: State | None, after: State) -> None:
        """Report a durable change, inside of `changing`. before, after: states of scorecards, not of drafts."""
        region = after["region"]
        kept, count = self._kept.get(region), self._counts.get(region)
        if before is not None and before["region"] != region:
            self.doubt(before["region"])
        if kept is None and count is None:
            return
        change = CardChange(id, sequence, None if before is None else card_in(before), card_in(after))
        if kept is not None:
            kept.take(change)
        if count is not None:
            count.meanwhile.append(change)

    def doubt(self, region: str) -> None:
        """Forget the figures of a region: a change of its scorecards was made, or may have been, that is not told."""
        self._kept.pop(region, None)
        if region in self._counts:
            self._counts[region].doubtful = True

    @contextmanager
    def counting(self, region: str) -> Iterator[Recount]:
        """A count, begun before the first scorecard is read; every scorecard of the region must be added. It ends with
        `counted`; a count that fails changes nothing."""
        count = Recount({year: RoundTotals(each) for year, each in self._rounds.items()}, None)
        self._counts[region] = count
        try:
            yield count
        finally:
            if self._counts.get(region) is count:
                del self._counts[region]

    def counted(self, region: str, count: Recount) -> bool:
        """End a count: its totals are the figures from now on. False when they may lack a change, and are not kept."""
        if self._counts.get(region) is not count:
            return False
        del self._counts[region]
        new = _Kept(count.totals, count.seen)
        for change in count.meanwhile:
            new.take(change)
        if count.doubtful:
            return False
        former = self._kept.get(region)
        if not self._changing[region]:
            new.seen = None
            count.former = former.totals if former is not None else None
        self._kept[region] = new
        return True


def card_in(state: State) -> ScoredCard:
    """What an index reads of a scorecard's state."""
    innovation, card = state["innovation"], state["scorecard"] or {}
    return scored_card(
        status=state["status"],
        applied=innovation["applied_on"],
        developed=innovation["developed_on"],
        affair=innovation["main_affair"],
        catalogue=card.get("catalogue"),
        claimed=card.get("claimed"),
        verified=card.get("verified"),
    )
