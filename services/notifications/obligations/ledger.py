"""Recomputes obligations: one document for every agency and every year that has a deadline, derived from its facts.

Updating the facts, deriving, and owing the event are one change of the document, which is written only if it differs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict

from services.notifications.kinds import OBLIGATION
from services.notifications.known import KnownAgency, KnownFacts
from services.notifications.obligations.document import ObligationDocument
from services.notifications.obligations.exemption import Exemption
from services.notifications.obligations.facts import AgencyFact, ExemptionFact, Facts, InnovationFact, RegionFact
from services.notifications.obligations.obligation import CONTRACT_OF, derive
from services.notifications.obligations.repositories import exemption_repository, obligation_repository
from shared.clock import Clock
from shared.contracts.contract import Origin, draft
from shared.contracts.event import Draft
from shared.contracts.obligation import ObligationState
from shared.observability import tracing
from shared.ports.store import Store
from shared.storage.batches import in_parallel
from shared.storage.repository import Versioned


class NewFacts(TypedDict):
    """The arguments of `Facts.updated`."""

    agency: AgencyFact | None
    region: RegionFact | None
    exemption: ExemptionFact | None
    innovation: InnovationFact | None


def obligation_id(agency: str, year: int) -> str:
    """The document's id, and the end of its events' subject."""
    return f"{agency}/{year}"


class Ledger:
    """All obligations. due: set when one has changed."""

    def __init__(self, store: Store, known_facts: KnownFacts, clock: Clock, due: asyncio.Event) -> None:
        self._store = store
        self._known_facts = known_facts
        self._clock = clock
        self._due = due
        self._obligations = obligation_repository(store)
        self._exemptions = exemption_repository(store)

    async def recompute_with(self, agency: str, year: int, innovation: InnovationFact) -> None:
        """Recompute with the fact about an innovation that an event carried."""
        await self._recompute(agency, year, await self._known_facts.agency(agency), innovation=innovation)

    async def recompute(self, agency: str, year: int) -> None:
        """Recompute with what is known now."""
        await self._recompute(agency, year, await self._known_facts.agency(agency))

    async def recompute_all(self, agencies: Iterable[KnownAgency], years: Iterable[int]) -> None:
        """Recompute each of these agencies for each of these years, and for every year that it has a document for."""
        pairs: set[tuple[str, int]] = set()
        by_id = {each.value.id: each for each in agencies}
        wanted = sorted(set(years))
        for id in by_id:
            pairs |= {(id, year) for year in wanted}
            async for row in self._store.scan(OBLIGATION.name, {"agency": id}, ("year",)):
                pairs.add((id, row["year"]))
        await in_parallel(sorted(pairs), lambda pair: self._recompute(pair[0], pair[1], by_id[pair[0]]))

    async def _recompute(
        self, agency_id: str, year: int, agency: KnownAgency | None, innovation: InnovationFact | None = None
    ) -> None:
        id = obligation_id(agency_id, year)
        region = await self._known_facts.region(agency.value.region) if agency else None
        new = NewFacts(
            agency=_agency_fact(agency),
            region=RegionFact.of(region.value, year, region.sequence) if region else None,
            exemption=_exemption_fact(await self._exemptions.find(id)),
            innovation=innovation,
        )
        now, origin = self._clock.now(), tracing.origin(self._clock)

        def decide(before: ObligationDocument | None) -> tuple[ObligationDocument, Draft | None] | None:
            known = before.facts if before else Facts(agency_id=agency_id, year=year)
            return rederive(before, known.updated(**new), now, origin)

        if (await self._obligations.change(id, decide)).changed:
            self._due.set()


def rederive(
    before: ObligationDocument | None, facts: Facts, now: datetime, origin: Origin
) -> tuple[ObligationDocument, Draft | None] | None:
    """The obligation derived from these facts, with an event if its public state differs; None when nothing does."""
    after = ObligationDocument.of(facts, derive(facts, now))
    if after == before:
        return None
    if after.public is None or (before and before.public == after.public):
        return after, None
    return after, _event(after.public, origin)


def _event(public: ObligationState, origin: Origin) -> Draft:
    contract = CONTRACT_OF[public.status]
    return draft(contract, contract.payload.model_validate(public.model_dump()), public.region, origin)


def _agency_fact(known: KnownAgency | None) -> AgencyFact | None:
    if known is None:
        return None
    agency = known.value
    return AgencyFact(
        sequence=known.sequence,
        region=agency.region,
        kind=agency.kind,
        retired=agency.retired,
        retired_on=agency.retired_on,
        obliged_from=agency.obliged_from,
    )


def _exemption_fact(found: Versioned[Exemption] | None) -> ExemptionFact | None:
    return ExemptionFact(sequence=found.sequence, in_force=found.value.in_force) if found else None
