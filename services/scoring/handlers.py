"""Handlers of the events that scoring consumes. Each may run any number of times for one event, in any order."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence

from services.scoring.catalogue.library import Catalogues
from services.scoring.index.figures import RunningFigures
from services.scoring.index.marks import MarkRegion, mark_nothing
from services.scoring.kinds import SCORECARD
from services.scoring.known import AGENCIES, UsedRegions
from services.scoring.scorecard.document import InnovationVersion, with_innovation, with_region
from services.scoring.scorecard.draft_marker import is_draft, was_scorecard, with_draft
from services.scoring.scorecard.scored_rows import row_caches
from services.scoring.scorecard.scored_state import Known, change_of
from services.scoring.scorecard.scoring_state import WAITING
from shared.clock import Clock
from shared.contracts.agency import AGENCY_REGISTERED, AGENCY_RETIRED, AgencyRegistered
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
from shared.contracts.region import REGION_REGISTERED, RegionRegistered
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Unreadable
from shared.messaging.handlers import Handler, on
from shared.observability.tracing import origin
from shared.ports.store import Decision, OneOf, State, Store, Where
from shared.storage.copies import Copies
from shared.storage.known_versions import KnownVersions

_BATCH = 200
_DRAFTS = 2_000  # markers that were written last, less than a kilobyte each


class Scoring:
    """The handlers and the sweep of waiting scorecards. mark: called after a scorecard of a region was written;
    forecast: in place of `mark` where the scorecard neither was nor is verified; renamed: after what rankings show of a
    region or its agencies was written; figures: are told how scorecards change."""

    def __init__(
        self,
        store: Store,
        catalogues: Catalogues,
        clock: Clock,
        mark: MarkRegion = mark_nothing,
        renamed: MarkRegion = mark_nothing,
        *,
        forecast: MarkRegion | None = None,
        figures: RunningFigures | None = None,
    ) -> None:
        self.store = store
        self._caches = row_caches(catalogues)
        self._clock = clock
        self._mark = mark
        self._mark_forecast = forecast or mark
        self._renamed = renamed
        self._figures = figures or RunningFigures({})
        self._regions = UsedRegions(store)
        self._agencies = Copies(store, AGENCIES)
        self._drafts = KnownVersions[Known](_DRAFTS)

    async def on_region(self, event: Event, region: RegionRegistered) -> None:
        """Keep the newer copy, then score the scorecards that wait for this region or its catalogue. No other scorecard
        changes."""
        _require_subject(event, "region", region.code)
        await self._regions.keep(region, event.number)
        await self._renamed(region.code)
        await self._score_waiting({"stand": OneOf(WAITING), "region": region.code})

    async def on_agency(self, event: Event, agency: AgencyRegistered) -> None:
        """Keep the newer copy. No scorecard depends on it; rankings and exports read it."""
        _require_subject(event, "agency", agency.id)
        await self._agencies.keep(agency.id, agency, event.number)
        await self._renamed(agency.region)

    async def on_innovation(self, event: Event, innovation: InnovationState) -> None:
        """Keep the newer copy and score it: one change of one document."""
        _require_subject(event, "innovation", innovation.id)
        received = InnovationVersion(innovation, event.number)
        region = await self._regions.of(innovation.region)
        cause = origin(self._clock)
        before: State | None = None

        def score(state: State | None) -> Decision:
            nonlocal before
            before = None if state is None or is_draft(state) else state
            return with_innovation(state, received, region, self._caches, cause)

        decide = change_of(score, self._drafts.take(innovation.id))
        with self._figures.changing(innovation.region):
            document = await self.store.change(SCORECARD.name, innovation.id, decide)
            after = decide.latest if document.changed else None
            if after is None:  # a crash may have come between the change and what follows it
                self._figures.doubt(innovation.region)
            else:
                self._figures.changed(innovation.id, document.sequence, before, after)
        if after is not None and after["stand"] in WAITING:
            # The region may have come between the read and the write, after its handler had looked for who waits.
            await self._score_again(innovation.id, innovation.region)
        is_forecast = after is not None and not any(
            each and each["status"] == InnovationStatus.VERIFIED for each in (before, after)
        )
        await (self._mark_forecast if is_forecast else self._mark)(innovation.region)  # also when nothing changed

    async def on_draft(self, event: Event, drafted: InnovationDrafted) -> None:
        """A draft has no scorecard. One that is a draft again, after a restore of the registry, loses it."""
        _require_subject(event, "innovation", drafted.id)
        cause = origin(self._clock)
        decide = change_of(lambda state: with_draft(state, drafted, event.number, cause), (0, None))
        document = await self.store.change(SCORECARD.name, drafted.id, decide)
        if document.changed:
            self._drafts.remember(drafted.id, (document.sequence, decide.latest))
        if decide.latest is not None and was_scorecard(decide.latest):
            self._figures.doubt(drafted.region)
            await self._mark(drafted.region)  # also when nothing changed, as in `on_innovation`

    async def sweep(self) -> None:
        """Score every waiting scorecard whose region or catalogue another process has brought."""
        await self._score_waiting({"stand": OneOf(WAITING)})

    async def _score_waiting(self, where: Where) -> None:
        async for batch in self._waiting(where):
            for id, region in batch:
                await self._score_again(id, region)

    async def _score_again(self, id: str, region: str) -> None:
        known = await self._regions.now(region)
        cause = origin(self._clock)
        decide = change_of(lambda state: with_region(state, known, self._caches, cause))
        document = await self.store.change(SCORECARD.name, id, decide)
        if document.changed:
            self._figures.doubt(region)
            await self._mark(region)

    async def _waiting(self, where: Where) -> AsyncIterator[Sequence[tuple[str, str]]]:
        after: str | None = None
        while True:
            page = await self.store.find(SCORECARD.name, where, limit=_BATCH, after=after)
            yield [(document.id, document.state["region"]) for document in page.documents]
            if page.after is None:
                return
            after = page.after

    def table(self) -> Mapping[str, Mapping[str, Handler]]:
        """Subscription's purpose → event type → handler."""
        return {
            "regions": dict([on(REGION_REGISTERED, self.on_region)]),
            "agencies": dict([on(AGENCY_REGISTERED, self.on_agency), on(AGENCY_RETIRED, self.on_agency)]),
            "innovations": dict(
                [
                    on(INNOVATION_DRAFTED, self.on_draft),
                    on(INNOVATION_SUBMITTED, self.on_innovation),
                    on(INNOVATION_RETURNED, self.on_innovation),
                    on(INNOVATION_VERIFIED, self.on_innovation),
                    on(INNOVATION_WITHDRAWN, self.on_innovation),
                ]
            ),
        }


def _require_subject(event: Event, kind: str, id: str) -> None:
    """Raise Unreadable when the payload is about another document than the event's subject: it would be stored under
    the wrong id."""
    if event.subject != f"{kind}/{id}":
        raise Unreadable(f"{event.type} about {event.subject!r} carries {id!r}")
