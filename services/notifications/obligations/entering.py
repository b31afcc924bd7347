"""Enters innovations and their scores into the ledger, and recomputes the obligations that they belong to."""

from __future__ import annotations

from services.notifications.known import KnownFacts, Score
from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.entry import Entry, entry_id
from services.notifications.obligations.entry_merging import merged, scored
from services.notifications.obligations.ledger import Ledger, Wake
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
        entered = await self._entries.change(new.id, without_event(lambda before: merged(before, new)))
        score = await self._known_facts.score(innovation.id)  # one that came before the entry was there
        if score is not None:
            entered = await self._scored(entered, score.value)
        await self._ledger.recompute_entries(agency, year)
        if entered.value.tell:
            self._wake(agency)

    async def score(self, agency: str, year: int, score: Score) -> None:
        """Keep a score with its innovation's entry; one without an entry is read when the entry is made."""
        entered = await self._entries.find(entry_id(agency, year, score.innovation))
        if entered is None:
            return
        filled = entered.value.mandatory_filled
        entered = await self._scored(entered, score)
        if entered.value.mandatory_filled != filled and await self._ledger.asks_for_rows(agency, year):
            await self._ledger.recompute_entries(agency, year)
        if entered.value.tell:
            self._wake(agency)

    async def _scored(self, entered: Versioned[Entry], score: Score) -> Versioned[Entry]:
        """The entry with the score, which is written only if that changes it."""

        def keep(entry: Entry) -> Entry | None:
            here = score.is_of(entry.agency, entry.year)
            return scored(entry, score.innovation_sequence, score.missing_mandatory, made_here=here)

        if keep(entered.value) is None:
            return entered
        try:
            return await self._entries.amend(entered.id, None, without_event(keep))
        except NotFound:  # erased meanwhile by a restore
            return entered
