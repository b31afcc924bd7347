"""Reads what is known of some agencies in one year: flat queries, one pass over duties, innovations and decrees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.notifications.kinds import OBLIGATION
from services.notifications.known import KnownFacts
from services.notifications.known_commitments import KnownCommitments
from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.entry import Entry, Score
from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.repositories import exemption_repository
from services.notifications.obligations.scores import score_of
from services.notifications.recap.facts import CommitmentFacts, DecreeFacts
from services.notifications.state import replaced
from shared.contracts.commitment import CommitmentSigned, PromiseOutcome
from shared.contracts.obligation import ObligationState
from shared.ports.store import OneOf, Store

_AT_ONCE = 100  # agencies of one query
_PAGE = 200


@dataclass
class YearFacts:
    """What is known of some agencies in one year, each by agency."""

    duties: dict[str, tuple[ObligationState | None, ObligationPhase]] = field(default_factory=dict)
    entries: defaultdict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    decrees: dict[str, DecreeFacts] = field(default_factory=dict)
    commitments: dict[str, CommitmentFacts] = field(default_factory=dict)


class YearReader:
    """Reads years."""

    def __init__(self, store: Store, known_facts: KnownFacts) -> None:
        self._store = store
        self._known_facts = known_facts
        self._entries = EntryRepository(store)
        self._exemptions = exemption_repository(store)
        self._commitments = KnownCommitments(store)

    async def read(self, region: str, year: int, agencies: Sequence[str]) -> YearFacts:
        """The year of these agencies of a region."""
        found = YearFacts()
        for start in range(0, len(agencies), _AT_ONCE):
            some = list(agencies[start : start + _AT_ONCE])
            await self._read_duties(found, year, some)
            await self._read_entries(found, year, some)
        await self._read_decrees(found, region, year)
        signed = await self._commitments.of_year(region, year)
        found.commitments |= {agency: _commitment(each) for agency, each in signed.items()}
        return found

    async def _read_duties(self, found: YearFacts, year: int, agencies: list[str]) -> None:
        where = {"agency": OneOf(agencies), "year": year}
        async for row in self._store.scan(OBLIGATION.name, where, ("agency", "stands", "public")):
            public = ObligationState.model_validate(row["public"]) if row["public"] else None
            found.duties[row["agency"]] = public, ObligationPhase(row["stands"])

    async def _read_entries(self, found: YearFacts, year: int, agencies: list[str]) -> None:
        where = {"agency": OneOf(agencies), "year": year}
        after: str | None = None
        while True:
            page = await self._entries.list(where, limit=_PAGE, after=after)
            for each in page.items:
                found.entries[each.value.agency].append(await self._scored(each.value))
            after = page.after
            if after is None:
                return

    async def _scored(self, entry: Entry) -> Entry:
        """With the score that a release before 0.2 has kept elsewhere."""
        former = None if entry.score else await score_of(entry, self._known_facts)
        if former is None or isinstance(former, Score):
            return entry
        points = former.model_dump(include={"innovation_sequence", "claimed", "verified", "most"})
        return replaced(entry, score=Score(sequence=0, **points))

    async def _read_decrees(self, found: YearFacts, region: str, year: int) -> None:
        where = {"region": region, "year": year, "stands": 1}
        after: str | None = None
        while True:
            page = await self._exemptions.list(where, limit=_PAGE, after=after)
            for each in page.items:
                found.decrees[each.value.agency] = DecreeFacts(number=each.value.decree, dated=each.value.decree_date)
            after = page.after
            if after is None:
                return


def _commitment(signed: CommitmentSigned) -> CommitmentFacts:
    outcomes = [each.outcome for each in signed.promised]
    return CommitmentFacts(
        number=signed.number,
        dated=signed.dated,
        promised=len(outcomes),
        taken_up=outcomes.count(PromiseOutcome.TAKEN_UP),
        dropped=outcomes.count(PromiseOutcome.DROPPED),
    )
