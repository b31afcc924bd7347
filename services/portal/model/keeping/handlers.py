"""Handles the events of the other services. Every handler may run any number of times, in any order."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import TypeVar

from services.portal.model.keeping.writer import ModelWriter
from services.portal.model.kinds import BOARD, INNOVATION, KNOWN_AGENCY, KNOWN_REGION, MESSAGE, SUMMARY
from services.portal.model.states.agency import with_agency
from services.portal.model.states.board import board_id, with_duty
from services.portal.model.states.briefs import CardBrief, InnovationBrief
from services.portal.model.states.innovation import with_card, with_innovation
from services.portal.model.states.message import agencies_in, message_id, with_message
from services.portal.model.states.region import with_region
from services.portal.model.states.step import Update
from services.portal.model.states.summary import summary_id, with_index
from shared.contracts.agency import AGENCY_REGISTERED, AGENCY_RETIRED, AgencyRegistered
from shared.contracts.contract import Payload
from shared.contracts.event import Event
from shared.contracts.innovation import (
    INNOVATION_DRAFTED,
    INNOVATION_RETURNED,
    INNOVATION_SUBMITTED,
    INNOVATION_VERIFIED,
    INNOVATION_WITHDRAWN,
    InnovationDrafted,
    InnovationState,
)
from shared.contracts.message import ALERT_FAILED, ALERT_SENT, AlertState
from shared.contracts.obligation import (
    OBLIGATION_EXEMPTED,
    OBLIGATION_FULFILLED,
    OBLIGATION_OPENED,
    OBLIGATION_OVERDUE,
    ObligationState,
)
from shared.contracts.region import REGION_REGISTERED, RegionRegistered
from shared.contracts.region_index import REGION_INDEXED, RegionIndexed
from shared.contracts.scorecard import INNOVATION_SCORED, InnovationScored
from shared.messaging.handlers import Handler, on

B = TypeVar("B", bound=Payload)

PURPOSE = "model"
"""Of the subscription."""


class Handlers:
    """Hands what events say to the writer."""

    def __init__(self, writer: ModelWriter) -> None:
        self._writer = writer

    async def region(self, event: Event, payload: RegionRegistered) -> None:
        """A region with its policies and deadlines."""
        step = partial(with_region, region=payload, sequence=event.number)
        await self._writer.apply(Update(KNOWN_REGION.name, payload.code, step))

    async def agency(self, event: Event, payload: AgencyRegistered) -> None:
        """An agency, new, changed or retired."""
        step = partial(with_agency, agency=payload, sequence=event.number)
        await self._writer.apply(Update(KNOWN_AGENCY.name, payload.id, step))

    async def innovation(self, event: Event, payload: InnovationState | InnovationDrafted | InnovationBrief) -> None:
        """An innovation, whatever became of it."""
        innovation = payload if isinstance(payload, InnovationBrief) else _brief(InnovationBrief, payload)
        step = partial(with_innovation, innovation=innovation, sequence=event.number)
        fresh = event.type == INNOVATION_DRAFTED.type
        await self._writer.apply(Update(INNOVATION.name, innovation.id, step, fresh))

    async def scorecard(self, event: Event, payload: InnovationScored | CardBrief) -> None:
        """An innovation's scorecard."""
        card = payload if isinstance(payload, CardBrief) else _brief(CardBrief, payload)
        step = partial(with_card, card=card, sequence=event.number)
        await self._writer.apply(Update(INNOVATION.name, card.innovation, step))

    async def index(self, event: Event, payload: RegionIndexed) -> None:
        """A region's index."""
        step = partial(with_index, indexed=payload, sequence=event.number)
        await self._writer.apply(Update(SUMMARY.name, summary_id(payload.region, payload.year), step))

    async def duty(self, event: Event, payload: ObligationState) -> None:
        """An agency's duty for a year."""
        step = partial(with_duty, duty=payload, sequence=event.number)
        await self._writer.apply(Update(BOARD.name, board_id(payload.agency, payload.year), step))

    async def message(self, event: Event, payload: AlertState) -> None:
        """A message to a person, kept for each agency that it is about."""
        sent = event.type == ALERT_SENT.type
        await asyncio.gather(
            *(
                self._writer.apply(
                    Update(
                        MESSAGE.name,
                        message_id(payload.person, payload.number, agency),
                        partial(with_message, message=payload, agency=agency, sequence=event.number, sent=sent),
                    )
                )
                for agency in agencies_in(payload)
            )
        )

    def by_purpose(self) -> Mapping[str, Mapping[str, Handler]]:
        """Subscription's purpose → event type → handler."""
        return {
            PURPOSE: dict(
                [
                    on(REGION_REGISTERED, self.region),
                    on(AGENCY_REGISTERED, self.agency),
                    on(AGENCY_RETIRED, self.agency),
                    on(INNOVATION_DRAFTED, self.innovation, InnovationBrief),
                    on(INNOVATION_SUBMITTED, self.innovation, InnovationBrief),
                    on(INNOVATION_RETURNED, self.innovation, InnovationBrief),
                    on(INNOVATION_VERIFIED, self.innovation, InnovationBrief),
                    on(INNOVATION_WITHDRAWN, self.innovation, InnovationBrief),
                    on(INNOVATION_SCORED, self.scorecard, CardBrief),
                    on(REGION_INDEXED, self.index),
                    on(OBLIGATION_OPENED, self.duty),
                    on(OBLIGATION_FULFILLED, self.duty),
                    on(OBLIGATION_OVERDUE, self.duty),
                    on(OBLIGATION_EXEMPTED, self.duty),
                    on(ALERT_SENT, self.message),
                    on(ALERT_FAILED, self.message),
                ]
            )
        }


def _brief(model: type[B], payload: Payload) -> B:
    return model.model_validate(payload.model_dump(mode="json"), extra="ignore")
