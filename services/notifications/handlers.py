"""What this service does with each event. All handlers may run any number of times, in any order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from services.notifications.known import KnownFacts
from services.notifications.obligations.facts import InnovationFact
from services.notifications.obligations.ledger import Ledger
from shared.contracts.agency import AgencyRegistered
from shared.contracts.contract import Payload
from shared.contracts.event import Event
from shared.contracts.event_types import types_of
from shared.contracts.innovation import InnovationDrafted, InnovationState
from shared.contracts.region import RegionRegistered
from shared.messaging.handlers import Handler


class Handlers:
    """Facts into the roster and the ledger."""

    def __init__(self, known_facts: KnownFacts, ledger: Ledger) -> None:
        self._known_facts = known_facts
        self._ledger = ledger

    async def region(self, event: Event, payload: Payload) -> None:
        """A region's policy: every agency of it, for every year with a deadline, is judged anew."""
        known = await self._known_facts.hear_region(cast("RegionRegistered", payload), event.number)
        agencies = [agency async for agency in self._known_facts.agencies(known.region.code)]
        await self._ledger.recompute_all(agencies, known.years)

    async def agency(self, event: Event, payload: Payload) -> None:
        """An agency, new, changed or retired."""
        known = await self._known_facts.hear_agency(cast("AgencyRegistered", payload), event.number)
        region = await self._known_facts.region(known.agency.region)
        await self._ledger.recompute_all([known], region.years if region else [])

    async def innovation(self, event: Event, payload: Payload) -> None:
        """An innovation: every (agency, year) that it was ever assigned to learns whether it counts there."""
        innovation = cast("InnovationState | InnovationDrafted", payload)
        for assignment in innovation.assignments:
            fact = InnovationFact.of(innovation, here=assignment.present, heard=event.number)
            await self._ledger.hear_innovation(assignment.agency, assignment.year, fact)

    def by_purpose(self) -> Mapping[str, Mapping[str, Handler]]:
        """Subscription's purpose → event type → handler."""
        return {
            "regions": dict.fromkeys(types_of("region"), self.region),
            "agencies": dict.fromkeys(types_of("agency"), self.agency),
            "innovations": dict.fromkeys(types_of("innovation"), self.innovation),
        }
