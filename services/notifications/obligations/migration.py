"""Carries obligations that a release before 0.2 stored into entries. Runs at start, before anything else; it owes no
events, may be interrupted anywhere, and costs one query when there is nothing to do."""

from __future__ import annotations

from services.notifications.kinds import OBLIGATION
from services.notifications.obligations.document import ObligationDocument
from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.entry import Entry
from services.notifications.obligations.entry_merging import merged
from services.notifications.obligations.facts import Facts, InnovationFact, PassedFact
from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.repositories import obligation_repository
from services.notifications.state import replaced
from shared.ports.store import Decision, OneOf, State, Store
from shared.storage.batches import in_batches, in_parallel
from shared.storage.repository import Versioned
from shared.storage.steps import without_event

_FORMER = {"stands": OneOf([phase.value for phase in ObligationPhase]), "closes": None}
_PAGE = 100


class LedgerMigration:
    """The migration of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._obligations = obligation_repository(store)
        self._entries = EntryRepository(store)

    async def run(self) -> int:
        """Migrate everything that is left. Returns how many obligations that were. Raises StoreAway."""
        count = 0
        while former := (await self._obligations.list(_FORMER, limit=_PAGE, after=None)).items:
            await in_parallel(former, self._migrate)
            count += len(former)
        return count

    async def derive_again(self, region: str | None = None) -> None:
        """Let the check at start derive every obligation again: after a restore, entries and obligations may be of
        different moments. region: the code, to do so in one region only."""
        where = {} if region is None else {"region": region}

        def forget(obligation: ObligationDocument) -> tuple[ObligationDocument, None]:
            return replaced(obligation, rules=0), None

        async for rows in in_batches(self._store.scan(OBLIGATION.name, where, ())):
            await in_parallel(rows, lambda row: self._obligations.amend(row.id, None, forget))

    async def _migrate(self, obligation: Versioned[ObligationDocument]) -> None:
        """Write the entries first: whoever is interrupted in between writes them again, which changes nothing."""
        facts = obligation.value.facts
        for each in facts.innovations:
            await self._enter(_entry(facts, each))
        await self._store.change(OBLIGATION.name, obligation.id, _emptied)

    async def _enter(self, entry: Entry) -> None:
        await self._entries.change(entry.id, without_event(lambda before: merged(before, entry)))


def _entry(facts: Facts, innovation: InnovationFact) -> Entry:
    return Entry(
        agency=facts.agency_id,
        year=facts.year,
        region=facts.agency.region if facts.agency else "",
        innovation=innovation.id,
        sequence=innovation.sequence,
        here=innovation.here,
        status=innovation.status,
        community=innovation.community,
        first_submitted_at=innovation.first_submitted_at,
        verified_at=innovation.verified_at,
    ).indexed()


def _emptied(state: State | None) -> Decision:
    """Without the list, and in the present form. What was found overdue counts as proven for its deadline."""
    if state is None:
        return None
    obligation = ObligationDocument.model_validate(state)
    facts, public = obligation.facts, obligation.public
    passed = facts.passed
    if obligation.phase is ObligationPhase.OVERDUE and public and passed is None:
        passed = PassedFact(sequence=0, revision=public.deadline_revision)
    emptied = replaced(facts, innovations=(), passed=passed)
    return replaced(obligation, facts=emptied).model_dump(mode="json"), None
