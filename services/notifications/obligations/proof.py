"""Proves that a duty is overdue: the registry said what had been submitted in time, and all of it was heard of."""

from __future__ import annotations

from collections.abc import Sequence

from services.notifications.known import KnownFacts, Submitted
from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.entry import entry_id
from services.notifications.obligations.facts import Facts, PassedFact
from shared.ports.store import ID, OneOf

_AT_ONCE = 50  # ids of one query


class Proof:
    """Looks for the innovations that `deadline.passed` names among the entries."""

    def __init__(self, entries: EntryRepository, known_facts: KnownFacts) -> None:
        self._entries = entries
        self._known_facts = known_facts

    async def of(self, agency: str, year: int, heard: Submitted) -> PassedFact:
        """The fact for one agency."""
        missing = await self._missing(agency, year, heard.innovations, whole=True)
        return PassedFact(sequence=heard.sequence, revision=heard.revision, missing=missing)

    async def heard(self, region: str, agency: str, year: int) -> PassedFact | None:
        """The fact for one agency from what is known; None: `deadline.passed` was not heard."""
        heard = await self._known_facts.submitted(region, year, agency)
        return None if heard is None else await self.of(agency, year, heard)

    async def added(self, facts: Facts, *, again: bool) -> Facts:
        """The facts of a duty whose deadline has passed, with what is known of that. Costs no query once everything was
        heard. again: ask for a newer version all the same, as it may have come while the duty was being changed."""
        region, passed = facts.region, facts.passed
        if region is None or region.deadline is None:
            return facts
        if again or passed is None or passed.revision != region.deadline.revision:
            return facts.updated(passed=await self.heard(region.code, facts.agency_id, facts.year))
        if not passed.missing:
            return facts
        missing = await self._missing(facts.agency_id, facts.year, passed.missing)
        return facts.updated(passed=passed.model_copy(update={"missing": missing}))

    async def _missing(self, agency: str, year: int, named: Sequence[str], *, whole: bool = False) -> tuple[str, ...]:
        """Those of the ids that are not among the entries with a first submission. Unless `whole`, it stops at the
        first batch that lacks one, which is enough to wait, and keeps the rest."""
        waiting, missing = list(named), list[str]()
        for start in range(0, len(waiting), _AT_ONCE):
            ids = waiting[start : start + _AT_ONCE]
            where = {ID: OneOf([entry_id(agency, year, each) for each in ids])}
            page = await self._entries.list(where, limit=_AT_ONCE, after=None)
            heard = {each.value.innovation for each in page.items if each.value.first_submitted_at}
            missing += [each for each in ids if each not in heard]
            if missing and not whole:
                return (*missing, *waiting[start + _AT_ONCE :])
        return tuple(missing)
