"""Handles the registry's events. Every handler may run any number of times, in any order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from services.notifications.contacts.succession.watch import ContactSuccessions
from services.notifications.known import KnownFacts, ScoredBrief
from services.notifications.known_commitments import KnownCommitments
from services.notifications.known_endpoints import KnownEndpoints
from services.notifications.obligations.entering import Entering
from services.notifications.obligations.ledger import Ledger
from services.notifications.questions.ideas import IdeaRepository
from services.notifications.questions.known import QuestionRepository
from shared.contracts.agency import AGENCY_REGISTERED, AGENCY_RETIRED, AgencyRegistered
from shared.contracts.commitment import COMMITMENT_SIGNED, CommitmentSigned
from shared.contracts.deadline import DEADLINE_PASSED, DeadlinePassed
from shared.contracts.endpoint import ENDPOINT_CHANGED, EndpointChanged
from shared.contracts.event import Event
from shared.contracts.idea import IDEA_CHANGED, IdeaChanged
from shared.contracts.innovation import (
    INNOVATION_DRAFTED,
    INNOVATION_RETURNED,
    INNOVATION_SUBMITTED,
    INNOVATION_VERIFIED,
    INNOVATION_WITHDRAWN,
    InnovationDrafted,
    InnovationState,
)
from shared.contracts.region import REGION_REGISTERED, RegionRegistered
from shared.contracts.scorecard import INNOVATION_SCORED, InnovationScored
from shared.messaging.handlers import Handler, on


class Handlers:
    """Copies what the events carry, and recomputes the obligations that depend on it. facts_changed: called when
    obligations of a whole region are to be recomputed; wake_region: when its curators may have to be told."""

    def __init__(
        self,
        known_facts: KnownFacts,
        endpoints: KnownEndpoints,
        ledger: Ledger,
        entering: Entering,
        *,
        questions: QuestionRepository,
        ideas: IdeaRepository,
        successions: ContactSuccessions,
        commitments: KnownCommitments,
        facts_changed: Callable[[], None],
        wake_region: Callable[[str], None],
    ) -> None:
        self._known_facts = known_facts
        self._endpoints = endpoints
        self._commitments = commitments
        self._wake_region = wake_region
        self._ledger = ledger
        self._entering = entering
        self._questions = questions
        self._ideas = ideas
        self._successions = successions
        self._facts_changed = facts_changed

    async def region(self, event: Event, payload: RegionRegistered) -> None:
        """A region's policy: mark that all its obligations are to be recomputed, which takes longer than a handler
        may."""
        await self._known_facts.keep_region(payload, event.number)
        self._facts_changed()

    async def agency(self, event: Event, payload: AgencyRegistered) -> None:
        """An agency, new, changed or retired: recompute all its years; its successor gets its contacts."""
        known = await self._known_facts.keep_agency(payload, event.number)
        await self._successions.heard(known)
        region = await self._known_facts.region(known.value.region)
        await self._ledger.recompute_all([known], region)

    async def innovation(self, event: Event, payload: InnovationState | InnovationDrafted) -> None:
        """An innovation: keep what is asked about it, enter it for every agency and year that it was ever assigned to,
        and recompute these."""
        if await self._questions.keep(payload, event.number):
            self._wake_region(payload.region)
        for assignment in payload.assignments:
            await self._entering.enter(payload, assignment, event.number)

    async def deadline(self, event: Event, payload: DeadlinePassed) -> None:
        """What had been submitted when a deadline passed: mark that the unfulfilled obligations of that year are to be
        recomputed."""
        await self._known_facts.keep_deadline(payload, event.number)
        self._facts_changed()

    async def commitment(self, event: Event, payload: CommitmentSigned) -> None:
        """What an agency has promised for a year."""
        await self._commitments.keep(payload, event.number)

    async def idea(self, event: Event, payload: IdeaChanged) -> None:
        """A public idea: curators hear of it the next morning, the agency that fosters it at once."""
        await self._ideas.keep(payload, event.number)

    async def scorecard(self, event: Event, payload: InnovationScored | ScoredBrief) -> None:
        """An innovation's score."""
        await self._entering.score(payload, event.number)

    async def endpoint(self, event: Event, payload: EndpointChanged) -> None:
        """A webhook endpoint, new, enabled or disabled."""
        await self._endpoints.keep(payload, event.number)
        self._wake_region(payload.region)

    def by_purpose(self) -> Mapping[str, Mapping[str, Handler]]:
        """Subscription's purpose → event type → handler."""
        return {
            "regions": dict([on(REGION_REGISTERED, self.region)]),
            "deadlines": dict([on(DEADLINE_PASSED, self.deadline)]),
            "scorecards": dict([on(INNOVATION_SCORED, self.scorecard, ScoredBrief)]),
            "commitments": dict([on(COMMITMENT_SIGNED, self.commitment)]),
            "ideas": dict([on(IDEA_CHANGED, self.idea)]),
            "endpoints": dict([on(ENDPOINT_CHANGED, self.endpoint)]),
            "agencies": dict([on(AGENCY_REGISTERED, self.agency), on(AGENCY_RETIRED, self.agency)]),
            "innovations": dict(
                [
                    on(INNOVATION_DRAFTED, self.innovation),
                    on(INNOVATION_SUBMITTED, self.innovation),
                    on(INNOVATION_RETURNED, self.innovation),
                    on(INNOVATION_VERIFIED, self.innovation),
                    on(INNOVATION_WITHDRAWN, self.innovation),
                ]
            ),
        }
