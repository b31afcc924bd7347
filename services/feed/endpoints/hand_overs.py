"""Hands over to one endpoint what stands next for it, while this process holds its lease."""

from __future__ import annotations

import random
from collections.abc import Callable

import structlog

from services.feed.endpoints.attempt import Attempts
from services.feed.endpoints.connection import WebhookClient
from services.feed.endpoints.delivery import DeliveryKind, Result
from services.feed.endpoints.endpoint import Endpoint
from services.feed.endpoints.held import Held, LeaseLost, hold
from services.feed.endpoints.log import DeliveryLog
from services.feed.endpoints.metrics import DISABLED
from services.feed.endpoints.outcome import Move, Outcome, move_after
from services.feed.endpoints.progress import Progress, Wanted, WantedKind
from services.feed.endpoints.repositories import endpoint_repository, progress_repository
from services.feed.endpoints.trial_event import trial_event
from services.feed.kinds import LATEST
from services.feed.latest.cursor import Cursor, FeedRestarted
from services.feed.latest.feed import Feed
from services.feed.latest.page import FeedEvent, FeedPage, Selection, event_in
from shared.clock import Clock, machine_ms
from shared.contracts.contract import Origin
from shared.contracts.endpoint import DisablingCause
from shared.contracts.event import Draft
from shared.ports.store import Store
from shared.storage.repository import Versioned

MOST_AT_ONCE = 200  # hand-overs to one endpoint before others have their turn

log = structlog.get_logger("feed")


class HandOvers:
    """stopping: whether to begin no further hand-over; chance: gives numbers from 0 to 1."""

    def __init__(
        self,
        store: Store,
        feed: Feed,
        client: WebhookClient,
        clock: Clock,
        *,
        stopping: Callable[[], bool] = lambda: False,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._feed = feed
        self._clock = clock
        self._endpoints = endpoint_repository(store)
        self._progresses = progress_repository(store)
        self._attempts = Attempts(client, DeliveryLog(store))
        self._stopping = stopping
        self._chance = chance

    async def serve(self, id: str) -> int:
        """Hand over until there is nothing more, an attempt fails, or MOST_AT_ONCE; returns how many were made. Does
        nothing while another process serves the endpoint. Raises StoreAway."""
        held = await hold(self._progresses, id)
        if held is None:
            return 0
        made = 0
        try:
            while made < MOST_AT_ONCE and not self._stopping() and await self._step(held):
                made += 1
        except LeaseLost:
            log.warning("webhook.lease_lost", endpoint=id)
            return made
        await held.release()
        return made

    async def next_event(self, endpoint: Endpoint, progress: Progress) -> FeedPage:
        """What stands next, and at most that. Raises FeedRestarted, StoreAway."""
        after = Cursor.decode(progress.cursor) if progress.cursor else None
        return await self._feed.read(selection_of(endpoint), after, 1)

    async def _step(self, held: Held) -> bool:
        """One hand-over, or what else must be done first; False: there is nothing to do now."""
        endpoint = await self._endpoints.get(held.known.id)
        if not endpoint.value.is_active:
            return False
        if held.progress.wanted:
            await self._wanted(held, endpoint, held.progress.wanted[0])
            return True
        if not held.progress.has_work(machine_ms()):
            return False
        try:
            page = await self.next_event(endpoint.value, held.progress)
        except FeedRestarted:
            log.info("webhook.restarted", endpoint=endpoint.id, host=endpoint.value.host)
            await held.move(Progress.restarted)
            return True
        if page.events:
            await self._event(held, endpoint, page.events[0], page.cursor.generation)
        return bool(page.events)

    async def _event(self, held: Held, endpoint: Versioned[Endpoint], event: FeedEvent, generation: str) -> None:
        await held.renew()
        failures = held.progress.failures
        outcome = await self._make(held, endpoint, event, DeliveryKind.EVENT)
        cursor = Cursor(generation, event.place)
        match move_after(outcome, failures):
            case Move.ADVANCE:
                await held.move(lambda before: before.logged(1).accepted(cursor.encode()))
            case Move.DISABLE:
                await self._disable(held, endpoint, DisablingCause.GONE, 1)
            case Move.WAIT:
                await self._failed(held, endpoint, outcome)
            case Move.TRY_NEXT:
                await held.move(lambda before: before.logged(1))
                if not await self._passed_over(held, endpoint, event, cursor):
                    await self._failed(held, endpoint, outcome, logged=0)

    async def _passed_over(self, held: Held, endpoint: Versioned[Endpoint], event: FeedEvent, cursor: Cursor) -> bool:
        """Whether the receiver has accepted the next event in this one's stead; then the cursor is behind both."""
        page = await self._feed.read(selection_of(endpoint.value), cursor, 1)
        if not page.events:
            return False
        following = page.events[0]
        outcome = await self._make(held, endpoint, following, DeliveryKind.EVENT)
        if not outcome.is_accepted:
            await held.move(lambda before: before.logged(1))
            return False
        entries = 1
        if following.subject != event.subject:  # else it is the newer form of the same
            entries = 2
            number, attempt = held.progress.number + 1, held.progress.failures + 1
            await self._attempts.write(
                endpoint, event, DeliveryKind.EVENT, Result.GIVEN_UP, number=number, attempt=attempt
            )
        behind = Cursor(cursor.generation, following.place).encode()
        await held.move(lambda before: before.logged(entries).accepted(behind))
        return True

    async def _failed(self, held: Held, endpoint: Versioned[Endpoint], outcome: Outcome, *, logged: int = 1) -> None:
        now, chance = machine_ms(), self._chance()
        await held.move(lambda before: before.logged(logged).failed(now, outcome.retry_after, chance))
        if held.progress.is_hopeless(endpoint.value.changed_at, now):
            await self._disable(held, endpoint, DisablingCause.FAILING)

    async def _wanted(self, held: Held, endpoint: Versioned[Endpoint], wanted: Wanted) -> None:
        """What somebody has asked for: one attempt, now."""
        await held.renew()
        if wanted.kind is WantedKind.TEST:
            kind = DeliveryKind.TEST
            event = trial_event(endpoint.id, endpoint.value.region, wanted.id, self._clock.now())
        else:
            kind = DeliveryKind.REDELIVERY
            event = await self._newest(wanted.subject, selection_of(endpoint.value))
        outcome = Outcome()
        if event.body:
            outcome = await self._make(held, endpoint, event, kind)
        else:
            await self._attempts.write(endpoint, event, kind, Result.MISSING, number=held.progress.number)

        def done(before: Progress) -> Progress:
            after = before.without(wanted).logged(1)
            return after.accepted(after.cursor) if outcome.is_accepted else after

        await held.move(done)
        if outcome.is_gone:
            await self._disable(held, endpoint, DisablingCause.GONE)

    async def _newest(self, subject: str, where: Selection) -> FeedEvent:
        """The newest event of the subject, without a body if there is none."""
        document = await self._store.get(LATEST.name, subject)
        found = event_in(subject, document.state) if document else None
        return found if found and where.has(found) else FeedEvent(0, subject, "", "", b"")

    async def _make(self, held: Held, endpoint: Versioned[Endpoint], event: FeedEvent, kind: DeliveryKind) -> Outcome:
        number, attempt = held.progress.number, held.progress.failures + 1
        return await self._attempts.make(endpoint, event, kind, number=number, attempt=attempt)

    async def _disable(self, held: Held, endpoint: Versioned[Endpoint], cause: DisablingCause, logged: int = 0) -> None:
        """Nothing more is handed over. Nobody's enabling since this hand-over began is undone."""
        at, now = self._clock.now(), machine_ms()

        def disable(before: Endpoint) -> tuple[Endpoint, Draft] | None:
            if before.changed_at != endpoint.value.changed_at:
                return None
            after = before.disabled(cause, at, now)
            return None if after is None else (after, after.event(endpoint.id, Origin(at)))

        if (await self._endpoints.amend(endpoint.id, None, disable)).changed:
            DISABLED.labels(cause.value).inc()
            log.warning("webhook.disabled", endpoint=endpoint.id, host=endpoint.value.host, cause=cause.value)
        await held.move(lambda before: before.logged(logged).begun_anew())


def selection_of(endpoint: Endpoint) -> Selection:
    """What an endpoint follows."""
    return Selection(subjects=frozenset(endpoint.subjects) or None, region=endpoint.region)
