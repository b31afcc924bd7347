"""The ledger of obligations: every agency × every year that has a deadline, each document derived from its facts.

Keeping the newer fact, deriving, and owing the event are one `change()`, which writes only if something differs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.notifications.kinds import EXEMPTION, OBLIGATION
from services.notifications.known import KnownAgency, KnownFacts
from services.notifications.obligations.facts import AgencyFact, ExemptionFact, Facts, InnovationFact, RegionFact
from services.notifications.obligations.obligation import CONTRACT_OF, Unknown, derive, stands
from shared.clock import Clock
from shared.contracts.contract import Origin, draft
from shared.contracts.obligation import ObligationState
from shared.observability import tracing
from shared.ports.store import Decide, Decision, Document, State, Store
from shared.storage.batches import in_parallel


def obligation_id(agency: str, year: int) -> str:
    """The document's id, and the end of its events' subject."""
    return f"{agency}/{year}"


class Ledger:
    """Recomputes obligations; rings `bell` when one came out differently."""

    def __init__(self, store: Store, known_facts: KnownFacts, clock: Clock, due: asyncio.Event) -> None:
        self._store = store
        self._known_facts = known_facts
        self._clock = clock
        self._due = due

    async def hear_innovation(self, agency: str, year: int, innovation: InnovationFact) -> Document:
        """Recompute with what an event says of an innovation."""
        return await self._recompute(agency, year, await self._known_facts.agency(agency), innovation=innovation)

    async def recompute(self, agency: str, year: int) -> Document:
        """Recompute with what is known now."""
        return await self._recompute(agency, year, await self._known_facts.agency(agency))

    async def recompute_all(self, agencies: Iterable[KnownAgency], years: Iterable[int]) -> None:
        """Recompute each of these agencies for each of these years, and for every year that it has a document for."""
        duties: set[tuple[str, int]] = set()
        known = {each.agency.id: each for each in agencies}
        wanted = sorted(set(years))
        for id in known:
            duties |= {(id, year) for year in wanted}
            async for row in self._store.scan(OBLIGATION.name, {"agency": id}, ("year",)):
                duties.add((id, row["year"]))
        await in_parallel(sorted(duties), lambda duty: self._recompute(duty[0], duty[1], known[duty[0]]))

    async def _recompute(
        self, agency_id: str, year: int, agency: KnownAgency | None, innovation: InnovationFact | None = None
    ) -> Document:
        region = await self._known_facts.region(agency.agency.region) if agency else None
        exemption = await self._store.get(EXEMPTION.name, obligation_id(agency_id, year))
        news: dict[str, Any] = {
            "agency": _agency_fact(agency),
            "region": RegionFact.of(region.region, year, region.heard) if region else None,
            "exemption": _exemption_fact(exemption),
            "innovation": innovation,
        }
        decide = rederive(agency_id, year, news, self._clock.now(), tracing.origin(self._clock))
        document = await self._store.change(OBLIGATION.name, obligation_id(agency_id, year), decide)
        if document.changed:
            self._due.set()
        return document


def rederive(agency: str, year: int, news: dict[str, Any], now: datetime, origin: Origin) -> Decide:
    """The one change of an obligation: learn the newer facts, derive, owe what differs."""

    def decide(state: State | None) -> Decision:
        known = Facts.model_validate(state["facts"]) if state else Facts(agency_id=agency, year=year)
        facts = known.learn(**news)
        outcome = derive(facts, now)
        after = _state(facts, outcome)
        if state == after:
            return None
        if isinstance(outcome, Unknown) or (state and state["public"] == after["public"]):
            return after, None
        return after, draft(*_letter(outcome), outcome.region, origin)

    return decide


def _letter(outcome: ObligationState) -> tuple[Any, Any]:
    contract = CONTRACT_OF[outcome.status]
    return contract, contract.payload.model_validate(outcome.model_dump())


def _state(facts: Facts, outcome: ObligationState | Unknown) -> State:
    known = isinstance(outcome, ObligationState)
    public = outcome.model_dump(mode="json") if isinstance(outcome, ObligationState) else None
    return {
        "agency": facts.agency_id,
        "year": facts.year,
        "region": facts.agency.region if facts.agency else "",
        "stands": stands(outcome).value,
        "status": public["status"] if public else "",
        "deadline": public["deadline"] if public else "",
        "waiting_for": "" if known else str(outcome),
        "facts": facts.model_dump(mode="json"),
        "public": public,
    }


def _agency_fact(known: KnownAgency | None) -> AgencyFact | None:
    if known is None:
        return None
    agency = known.agency
    return AgencyFact(
        heard=known.heard,
        region=agency.region,
        kind=agency.kind,
        retired=agency.retired,
        retired_on=agency.retired_on,
        obliged_from=agency.obliged_from,
    )


def _exemption_fact(document: Document | None) -> ExemptionFact | None:
    return ExemptionFact(heard=document.sequence, stands=bool(document.state["stands"])) if document else None
