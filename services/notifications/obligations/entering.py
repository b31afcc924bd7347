"""Enters innovations and their scores into the ledger, and recomputes the obligations that they belong to."""

from __future__ import annotations

from collections.abc import Callable

from services.notifications.known import KnownFacts, ScoredBrief
from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.entry import Entry, Score, entry_id
from services.notifications.obligations.entry_merging import merged, scored, with_score
from services.notifications.obligations.ledger import Ledger, Wake
from services.notifications.obligations.unaffected import Move
from services.notifications.state import replaced
from shared.contracts.innovation import Assignment, InnovationDrafted, InnovationState
from shared.contracts.scorecard import InnovationScored
from shared.faults import NotFound
from shared.storage.known_versions import KnownVersions
from shared.storage.repository import Versioned
from shared.storage.steps import without_event

_POINTS = ("innovation_sequence", "claimed", "verified", "most")
_KNOWN = 1_000  # entries that were written last, some kilobytes each: the scorecard follows soon


class Entering:
    """Writes entries. Everything may run any number of times, in any order. wake: called with the agency's id when
    there is something to tell about one of its innovations."""

    def __init__(self, entries: EntryRepository, known_facts: KnownFacts, ledger: Ledger, wake: Wake) -> None:
        self._entries = entries
        self._known_facts = known_facts
        self._ledger = ledger
        self._wake = wake
        self._known = KnownVersions[Versioned[Entry]](_KNOWN)

    async def enter(
        self, innovation: InnovationState | InnovationDrafted, assignment: Assignment, sequence: int
    ) -> None:
        """Keep the newer of what is known and what an event says about one assignment."""
        agency, year = assignment.agency, assignment.year
        new = Entry.of(innovation, agency, year, here=assignment.present, sequence=sequence)
        known = self._known.take(new.id)
        first = known is None and new.may_be_first
        entered, moves = await self._changed(new.id, lambda before: merged(before, new), known=known, new=first)
        if entered.value.score is None:
            entered, more = await self._with_former_score(entered)
            moves += more
        if moves:
            self._known.remember(entered.id, entered)
        # a repeated event changes nothing; whoever handled it first may have ended before the obligation was recomputed
        await self._ledger.recompute_entries(agency, year, moves)
        self._tell(entered)

    async def score(self, card: InnovationScored | ScoredBrief, sequence: int) -> None:
        """Keep the newer of what is known and what a scorecard says, with the entry of where the innovation was."""
        place = (card.agency, card.year, card.region, card.innovation)
        score = Score(sequence=sequence, **{name: getattr(card, name) for name in _POINTS})

        def scored(before: Entry | None) -> Entry | None:
            return with_score(before or Entry.unheard(*place), score, len(card.missing_mandatory))

        id = entry_id(card.agency, card.year, card.innovation)
        known = self._known.take(id) or await self._entries.find(id)
        if (known is None or known.value.score is None) and await self._is_old(card.innovation, sequence):
            return
        entered, moves = await self._changed(id, scored, known=known, new=known is None)
        if not moves:  # a repeated card, as a repeated event: the obligation may not have heard of its rows
            rows = bool(entered.value.mandatory_filled)
            moves = [Move(replaced(entered.value, mandatory_filled=not rows).indexed(), entered.value)]
        if entered.value.sequence and any(map(_fills, moves)):
            await self._ledger.recompute_entries(card.agency, card.year, moves)
        self._tell(entered)

    async def _is_old(self, innovation: str, sequence: int) -> bool:
        """Whether a release before 0.2 has kept this scorecard or a newer one."""
        former = await self._known_facts.score(innovation)
        return former is not None and former.sequence >= sequence

    async def _with_former_score(self, entered: Versioned[Entry]) -> tuple[Versioned[Entry], list[Move]]:
        """With what a release before 0.2 has kept of a scorecard, of which nothing newer was heard since."""
        former = await self._known_facts.score(entered.value.innovation)
        if former is None:
            return entered, []
        score = former.value

        def scored_then(entry: Entry | None) -> Entry | None:
            here = entry is not None and score.is_of(entry.agency, entry.year)
            return entry and scored(entry, score.innovation_sequence, score.missing_mandatory, made_here=here)

        try:
            return await self._changed(entered.id, scored_then, known=entered)
        except NotFound:  # erased meanwhile by a restore
            return entered, []

    async def _changed(
        self,
        id: str,
        step: Callable[[Entry | None], Entry | None],
        *,
        known: Versioned[Entry] | None = None,
        new: bool = False,
    ) -> tuple[Versioned[Entry], list[Move]]:
        """The entry after a pure step, and what was changed."""
        seen: Entry | None = None

        def noting(before: Entry | None) -> Entry | None:
            nonlocal seen
            seen = before
            return step(before)

        entered = await self._entries.change(id, without_event(noting), known=known, new=new)
        return entered, [Move(seen, entered.value)] if entered.changed else []

    def _tell(self, entered: Versioned[Entry]) -> None:
        if entered.value.tell:
            self._wake(entered.value.agency)


def _fills(move: Move) -> bool:
    """Whether the mandatory rows are filled in by now, or no longer."""
    return bool(move.before and move.before.mandatory_filled) != bool(move.after.mandatory_filled)
