"""Enters innovations and their scores into the ledger, and recomputes the obligations that they belong to."""

from __future__ import annotations

from services.notifications.known import KnownFacts, Score
from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.entry import Entry, entry_id
from services.notifications.obligations.entry_merging import merged, scored
from services.notifications.obligations.ledger import Ledger, Wake
from services.notifications.obligations.unaffected import Move
from shared.contracts.innovation import Assignment, InnovationDrafted, InnovationState
from shared.faults import NotFound
from shared.storage.repository import Versioned
from shared.storage.steps import without_event


class Entering:
    """Writes entries. Everything may run any number of times, in any order. wake: called with the agency's id when
    there is something to tell about one of its innovations."""

    def __init__(self, entries: EntryRepository, known_facts: KnownFacts, ledger: Ledger, wake: Wake) -> None:
        self._entries = entries
        self._known_facts = known_facts
        self._ledger = ledger
        self._wake = wake

    async def enter(
        self, innovation: InnovationState | InnovationDrafted, assignment: Assignment, sequence: int
    ) -> None:
        """Keep the newer of what is known and what an event says about one assignment."""
        agency, year = assignment.agency, assignment.year
        new = Entry.of(innovation, agency, year, here=assignment.present, sequence=sequence)
        entered, moves = await self._merged(new)
        score = await self._known_facts.score(innovation.id)  # one that came before the entry was there
        if score is not None:
            entered, more = await self._scored(entered, score.value)
            moves += more
        # a repeated event changes nothing; whoever handled it first may have ended before the obligation was recomputed
        await self._ledger.recompute_entries(agency, year, moves)
        if entered.value.tell:
            self._wake(agency)

    async def score(self, agency: str, year: int, score: Score) -> None:
        """Keep a score with its innovation's entry; one without an entry is read when the entry is made."""
        found = await self._entries.find(entry_id(agency, year, score.innovation))
        if found is None:
            return
        entered, moves = await self._scored(found, score)
        if any(bool(move.before and move.before.mandatory_filled) != move.after.mandatory_filled for move in moves):
            await self._ledger.recompute_entries(agency, year, moves)
        if entered.value.tell:
            self._wake(agency)

    async def _merged(self, new: Entry) -> tuple[Versioned[Entry], list[Move]]:
        """The entry with what an event says."""
        seen: Entry | None = None

        def merge(before: Entry | None) -> Entry | None:
            nonlocal seen
            seen = before
            return merged(before, new)

        entered = await self._entries.change(new.id, without_event(merge), new=new.may_be_first)
        return entered, [Move(seen, entered.value)] if entered.changed else []

    async def _scored(self, entered: Versioned[Entry], score: Score) -> tuple[Versioned[Entry], list[Move]]:
        """The entry with the score, which is written only if that changes it."""
        seen, first = entered.value, _kept(entered.value, score)
        if first is None:
            return entered, []

        def keep(entry: Entry) -> Entry | None:
            nonlocal seen
            seen = entry
            return first if entry is entered.value else _kept(entry, score)

        try:
            kept = await self._entries.amend(entered.id, None, without_event(keep), known=entered)
        except NotFound:  # erased meanwhile by a restore
            return entered, []
        return kept, [Move(seen, kept.value)] if kept.changed else []


def _kept(entry: Entry, score: Score) -> Entry | None:
    here = score.is_of(entry.agency, entry.year)
    return scored(entry, score.innovation_sequence, score.missing_mandatory, made_here=here)
