"""Recomputes obligations: one document for every agency and every year that has a deadline, derived from its facts and
from the few entries that decide.

An obligation is changed only as it was when the entries were read, and read once more after each change: so the last
one to look has seen every entry that was written before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from services.notifications.kinds import OBLIGATION
from services.notifications.known import KnownAgency, KnownFacts, KnownRegion, Submitted
from services.notifications.obligations.behind import Behind, behind
from services.notifications.obligations.deadlines import obligation_years
from services.notifications.obligations.document import ObligationDocument
from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.facts import Facts
from services.notifications.obligations.news import NewFacts, News, obligation_id, region_fact
from services.notifications.obligations.obligation import (
    CONTRACT_OF,
    UNFULFILLED,
    Derived,
    MissingFact,
    ObligationPhase,
    derive,
)
from services.notifications.obligations.proof import Proof
from services.notifications.obligations.repositories import obligation_repository
from services.notifications.obligations.selecting import Entries
from services.notifications.obligations.unaffected import Move, is_unaffected
from services.notifications.state import replaced
from shared.clock import Clock
from shared.contracts.contract import Origin, draft
from shared.contracts.deadline import DeadlinePassed
from shared.contracts.event import Draft
from shared.contracts.obligation import ObligationState
from shared.faults import Busy, Stale
from shared.observability import tracing
from shared.ports.store import OneOf, Store
from shared.storage.batches import in_batches, in_parallel
from shared.storage.copies import Copy
from shared.storage.repository import Versioned
from shared.storage.shared_runs import SharedRuns
from shared.storage.steps import without_event

__all__ = ["Ledger", "Wake", "obligation_id"]

_PATIENCE = 50  # passes over one obligation that others change all the time
_AT_ONCE = 100  # agencies of one query
_USED, _HEARD = "facts.region.heard", "facts.passed.heard"
_MAY_HAVE_COME = (MissingFact.AGENCY.value, MissingFact.REGION.value)  # while an obligation without them was made

Wake = Callable[[str], None]


class Ledger:
    """All obligations. wake: called with the agency's id when one of its obligations has changed."""

    def __init__(self, store: Store, known_facts: KnownFacts, clock: Clock, wake: Wake) -> None:
        self._store = store
        self._known_facts = known_facts
        self._clock = clock
        self._wake = wake
        self._obligations = obligation_repository(store)
        self._news = News(store, known_facts)
        self._entries = EntryRepository(store)
        self._proof = Proof(self._entries, known_facts)
        self._runs = SharedRuns()

    async def recompute_entries(self, agency: str, year: int, moves: Sequence[Move] = ()) -> None:
        """Recompute after entries were written, once for all who ask for it at the same time. moves: what was changed,
        so that an obligation which does not depend on it is left alone; empty: that is not known. The other facts are
        those that the obligation holds: whoever changes one of them recomputes the obligation itself."""
        if moves and await self._is_unaffected(agency, year, moves):
            return
        await self._runs.run((agency, year), lambda: self._recompute(agency, year, {}))

    async def _is_unaffected(self, agency: str, year: int, moves: Sequence[Move]) -> bool:
        found, now = await self._obligations.find(obligation_id(agency, year)), self._clock.now()
        return found is not None and all(is_unaffected(found.value, each, now) for each in moves)

    async def recompute(self, agency: str, year: int) -> None:
        """Recompute with what is known now."""
        await self._recompute(agency, year, await self._news.known(agency, year))

    async def prove(self, region: str, agency: str, year: int) -> None:
        """Recompute with what is known now, also of what had been submitted when the deadline passed."""
        passed = await self._proof.heard(region, agency, year)
        await self._recompute(agency, year, {**await self._news.known(agency, year), "passed": passed})

    async def recompute_region(self, passed: Copy[DeadlinePassed]) -> None:
        """Recompute a region's unfulfilled obligations of a year that have not heard yet what the registry found when
        its deadline had passed. The others ask for it themselves when they open again."""
        value, year = passed.value, passed.value.year
        where = {"region": value.region, "year": year}

        async def recompute(agency: str) -> None:
            heard = Submitted(passed.sequence, value.revision, value.submitted.get(agency, ()))
            await self._recompute(agency, year, NewFacts(passed=await self._proof.of(agency, year, heard)))

        unfulfilled = {phase.value for phase in UNFULFILLED}
        async for rows in in_batches(self._store.scan(OBLIGATION.name, where, ("agency", "stands", _HEARD))):
            waiting = [row for row in rows if row["stands"] in unfulfilled and row[_HEARD] != passed.sequence]
            await in_parallel([row["agency"] for row in waiting], recompute)

    async def recompute_all(
        self, agencies: Iterable[KnownAgency], region: KnownRegion | None, *, only_behind: bool = False
    ) -> None:
        """Recompute each of these agencies of a region for every year with a deadline, and for every year that it has a
        document for. region: None: not known yet; only_behind: leave out what was derived from this version of it."""
        sequence = region.sequence if region and only_behind else None
        by_id = {each.value.id: each for each in agencies}
        years = obligation_years(region.value) if region else []
        facts = {year: region_fact(region, year) for year in years}

        async def recompute(pair: tuple[str, int]) -> None:
            id, year = pair
            known = facts[year] if year in facts else region_fact(region, year)
            await self._recompute(id, year, await self._news.of(id, year, by_id[id], known))

        ordered = sorted(by_id)
        for ids in (ordered[start : start + _AT_ONCE] for start in range(0, len(ordered), _AT_ONCE)):
            pairs = {(id, year) for id in ids for year in years}
            async for row in self._store.scan(OBLIGATION.name, {"agency": OneOf(ids)}, ("agency", "year", _USED)):
                pairs.add(pair := (row["agency"], row["year"]))
                if sequence is not None and row[_USED] == sequence:
                    pairs.remove(pair)
            await in_parallel(sorted(pairs), recompute)

    async def looked(
        self, id: str, sequence_seen: int, next_day: str, seen: Versioned[ObligationDocument] | None = None
    ) -> None:
        """Note that reminders have dealt with an obligation and must look at it again on `next_day` (a local day in ISO
        form, or SLEEPS). Skipped when it has changed since `sequence_seen`. seen: that version, if it is at hand."""
        try:
            await self._obligations.amend(
                id, sequence_seen, without_event(lambda obligation: replaced(obligation, look=next_day)), known=seen
            )
        except Stale:
            return

    async def behind(self) -> list[Behind]:
        """What the registry has not told for more than twelve hours after a deadline."""
        return await behind(self._store, self._clock.now())

    async def _recompute(self, agency: str, year: int, news: NewFacts) -> None:
        id, changed = obligation_id(agency, year), False
        for turn in range(_PATIENCE):
            before = await self._obligations.find(id)
            if (before is None or before.value.waiting_for in _MAY_HAVE_COME) and (turn or "agency" not in news):
                news = {**news, **await self._news.known(agency, year)}
            after = await self._after(before, agency, year, news, again=turn > 0)
            if before and after == before.value:
                break
            changed = await self._saved(before, after) or changed
        else:
            raise Busy(f"obligation/{id} is being changed all the time")
        if changed:
            self._wake(agency)

    async def _after(
        self, before: Versioned[ObligationDocument] | None, agency: str, year: int, news: NewFacts, *, again: bool
    ) -> ObligationDocument:
        stored = before.value if before else None
        facts = (stored.facts if stored else Facts(agency_id=agency, year=year)).updated(**news)
        entries, now = Entries(self._entries, agency, year), self._clock.now()
        selection = await entries.select(facts)
        outcome = derive(facts, selection, now)
        if isinstance(outcome, Derived) and outcome.may_be_late and await self._news.is_newer(facts.region):
            facts = facts.updated(**await self._news.known(agency, year))
            selection = await entries.select(facts)
            outcome = derive(facts, selection, now)
        if isinstance(outcome, Derived) and outcome.phase in (ObligationPhase.REGISTRY, ObligationPhase.OVERDUE):
            facts = await self._proof.added(facts, again=again)
            outcome = derive(facts, selection, now)
            if isinstance(outcome, Derived) and outcome.phase is ObligationPhase.OVERDUE:
                selection = await entries.select(facts)  # the proof may be an entry that came after the first look
                outcome = derive(facts, selection, now)
        if not isinstance(outcome, Derived) or outcome.phase not in UNFULFILLED:
            facts = facts.without_passed()
        return ObligationDocument.of(facts, outcome, stored)

    async def _saved(self, before: Versioned[ObligationDocument] | None, after: ObligationDocument) -> bool:
        """Save it if nobody has changed it meanwhile."""
        origin = tracing.origin(self._clock)

        def decide(stored: ObligationDocument | None) -> tuple[ObligationDocument, Draft | None]:
            if before is None and stored is not None:
                raise Stale(f"obligation/{after.agency}/{after.year} was created meanwhile")
            return after, event_of(stored, after, origin)

        try:
            id = obligation_id(after.agency, after.year)
            expected = before.sequence if before else None
            saved = await self._obligations.change(id, decide, expected=expected, known=before, new=before is None)
        except Stale:
            return False
        return saved.changed


def event_of(before: ObligationDocument | None, after: ObligationDocument, origin: Origin) -> Draft | None:
    """The event that a change owes: none when the public state is as it was."""
    if after.public is None or (before and before.public == after.public):
        return None
    return _event(after.public, origin)


def _event(public: ObligationState, origin: Origin) -> Draft:
    contract = CONTRACT_OF[public.status]
    return draft(contract, contract.payload.model_validate(public.model_dump()), public.region, origin)
