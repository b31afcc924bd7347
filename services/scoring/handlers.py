"""What scoring does with what it hears. Every handler may run any number of times for one event, in any order."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from services.scoring import known
from services.scoring.catalogue.library import Catalogues
from services.scoring.index.marks import MarkRegion, unheard
from services.scoring.kinds import KNOWN_AGENCY, KNOWN_REGION, SCORECARD
from services.scoring.scorecard.document import WAITING, InnovationVersion, with_innovation, with_region
from shared.clock import Clock
from shared.contracts.agency import AgencyRegistered
from shared.contracts.contract import Payload
from shared.contracts.event import Event
from shared.contracts.event_types import types_of
from shared.contracts.innovation import InnovationDrafted, InnovationState
from shared.contracts.region import RegionRegistered
from shared.faults import Unreadable
from shared.messaging.handlers import Handler
from shared.observability.tracing import origin
from shared.ports.store import OneOf, Store, Where

P = TypeVar("P", bound=Payload)
_BATCH = 200


@dataclass(frozen=True)
class Scoring:
    """The handlers and the sweep, with what they need."""

    store: Store
    catalogues: Catalogues
    clock: Clock
    mark: MarkRegion = unheard

    async def on_region(self, event: Event, payload: Payload) -> None:
        """Keep the newer copy, then look again at the scorecards that wait for this region or its catalogue. A region
        that changes touches no other scorecard."""
        region = _as(payload, RegionRegistered, event)
        _about(event, "region", region.code)
        await self.store.change(
            KNOWN_REGION.name, region.code, lambda state: known.take_region(state, region, event.number)
        )
        await self._look_again({"stand": OneOf(WAITING), "region": region.code})

    async def on_agency(self, event: Event, payload: Payload) -> None:
        """Keep the newer copy. No scorecard rests on it; rankings read it when they are asked for."""
        agency = _as(payload, AgencyRegistered, event)
        _about(event, "agency", agency.id)
        await self.store.change(
            KNOWN_AGENCY.name, agency.id, lambda state: known.take_agency(state, agency, event.number)
        )

    async def on_innovation(self, event: Event, payload: Payload) -> None:
        """Keep the newer copy and score it: one change of one document."""
        innovation = _as(payload, InnovationState, event)
        _about(event, "innovation", innovation.id)
        heard = InnovationVersion(innovation, event.number)
        region = known.used(await self.store.get(KNOWN_REGION.name, innovation.region))
        made = origin(self.clock)
        document = await self.store.change(
            SCORECARD.name,
            innovation.id,
            lambda state: with_innovation(state, heard, region, self.catalogues, made),
        )
        if document.changed and document.state["stand"] in WAITING:
            # The region may have come between our look and our write, after its handler had looked for who waits.
            await self._again(innovation.id, innovation.region)
        await self.mark(innovation.region)  # also when nothing changed: a crash may have come between the two

    async def on_draft(self, event: Event, payload: Payload) -> None:
        """A draft has no scorecard: nothing changes."""
        drafted = _as(payload, InnovationDrafted, event)
        _about(event, "innovation", drafted.id)

    async def sweep(self) -> None:
        """Look again at every scorecard that waits: another process may have brought what it waits for."""
        await self._look_again({"stand": OneOf(WAITING)})

    def table(self) -> Mapping[str, Mapping[str, Handler]]:
        """Subscription's purpose → event type → handler."""
        return {
            "regions": {"region.registered": self.on_region},
            "agencies": dict.fromkeys(types_of("agency"), self.on_agency),
            "innovations": {
                "innovation.drafted": self.on_draft,
                "innovation.submitted": self.on_innovation,
                "innovation.returned": self.on_innovation,
                "innovation.verified": self.on_innovation,
                "innovation.withdrawn": self.on_innovation,
            },
        }

    async def _look_again(self, where: Where) -> None:
        async for batch in self._waiting(where):
            for id, region in batch:
                await self._again(id, region)

    async def _again(self, id: str, region: str) -> None:
        heard = known.used(await self.store.get(KNOWN_REGION.name, region))
        made = origin(self.clock)
        document = await self.store.change(
            SCORECARD.name, id, lambda state: with_region(state, heard, self.catalogues, made)
        )
        if document.changed:
            await self.mark(region)

    async def _waiting(self, where: Where) -> AsyncIterator[Sequence[tuple[str, str]]]:
        after: str | None = None
        while True:
            page = await self.store.find(SCORECARD.name, where, limit=_BATCH, after=after)
            yield [(document.id, document.state["region"]) for document in page.documents]
            if page.after is None:
                return
            after = page.after


def _as(payload: Payload, kind: type[P], event: Event) -> P:
    if not isinstance(payload, kind):
        raise Unreadable(f"{event.type} carries {type(payload).__name__}")
    return payload


def _about(event: Event, kind: str, id: str) -> None:
    if event.subject != f"{kind}/{id}":
        raise Unreadable(f"{event.type} about {event.subject!r} carries {id!r}")
