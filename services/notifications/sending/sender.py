"""Sends due messages: decides what each one needs next, and hands over through several channels at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.kinds import MESSAGE
from services.notifications.known import KnownFacts
from services.notifications.messages.answer import AnswerClass
from services.notifications.messages.repositories import message_repository
from services.notifications.reminders.mode import AlertingMode
from services.notifications.sending.bodies import Bodies
from services.notifications.sending.channels import Channels
from services.notifications.sending.consequences import Consequences
from services.notifications.sending.hand_overs import HandOvers
from services.notifications.sending.health import ChannelHealth
from services.notifications.sending.lane import Lane
from services.notifications.sending.performance import Performance, Taken
from services.notifications.sending.preparation import Preparation, Prepared
from services.notifications.sending.queue import SendingQueue
from services.notifications.sending.routing import (
    WAIT_FOR_PREFERRED,
    GiveUp,
    Option,
    Route,
    Try,
    Wait,
    route,
    turns_from,
    used_up,
)
from shared.clock import Clock, machine_ms, machine_seconds
from shared.observability import tracing
from shared.ports.store import ID, OneOf, Store
from shared.storage.batches import in_parallel

BATCH = 400  # messages that are read and prepared together
AFTER_PROBE = 1_000  # milliseconds after which a channel that is being probed is looked at again
RUN_SECONDS = 30.0  # then a run ends, so that it can be seen that the sender works
NOT_CONFIGURED = 60 * 60_000  # milliseconds until a message is looked at again whose channels do not exist

log = structlog.get_logger("notifications")


class QuietTimes(Protocol):
    """When the persons of a region may be disturbed."""

    async def next_allowed(self, region: str, moment: datetime) -> datetime:
        """The first moment from `moment` on (business time)."""


@dataclass
class _Round:
    """What one run knows. mode: who may be reached; live_since: machine milliseconds from which on; allowed: region →
    machine milliseconds from which on it may be disturbed, in the past or now when it may; probing: channels that are
    blocked, and for which this run has chosen a message to probe them with."""

    mode: AlertingMode
    live_since: int
    now: int
    allowed: dict[str, int] = field(default_factory=dict)
    probing: set[str] = field(default_factory=set)


class Sender:
    """Sends through the channels of the process. again: called with seconds after which another run is needed, because
    a provider's limit has left something in the queue; mode: who may be reached now."""

    def __init__(
        self,
        store: Store,
        known_facts: KnownFacts,
        clock: Clock,
        channels: Channels,
        consequences: Consequences,
        *,
        bodies: Bodies,
        preparation: Preparation,
        quiet_times: QuietTimes,
        mode: Callable[[], Awaitable[AlertingMode]],
        again: Callable[[float], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._messages = message_repository(store)
        self._clock = clock
        self._channels = channels
        self._consequences = consequences
        self._quiet_times = quiet_times
        self._mode = mode
        self._again = again
        self._stopping = False
        self._parked: dict[str, int] = {}  # id → machine milliseconds; in memory, so that a restart tries at once
        self._blocked: set[str] = set()
        self._queue = SendingQueue(store, known_facts)
        self._preparation = preparation
        self._hand_overs = HandOvers(store, clock, bodies, consequences, lambda: self._stopping)
        self._performance = Performance(store, clock)
        self.health = channels.health(ChannelName.EMAIL)

    async def run(self) -> int:
        """Look at every message that is due; returns how many were attempted, dropped or given up. When cancelled, it
        finishes the hand-overs in flight first, so that stopping a service leaves no attempt open."""
        self._stopping = False
        work = asyncio.ensure_future(self._run())
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            self._stopping = True
            await asyncio.gather(work, return_exceptions=True)
            raise

    async def _run(self) -> int:
        began = machine_seconds()
        with tracing.of_request(None, None):
            await self._finish_consequences()
            mode = await self._mode()
            if mode.silent:
                return 0
            await self._channels.refresh()
            now = machine_ms()
            around = _Round(mode, self._live_since(mode), now)
            ids = self._not_parked(await self._queue.ids(mode, now, self._clock.now().date()), now)
            count, size = 0, self._batch_size(now)
            start = 0
            while start < len(ids) and size and not self._stopping and machine_seconds() - began < RUN_SECONDS:
                around.now = machine_ms()
                count += await self._batch(ids[start : start + size], around)
                start += size
                size = self._batch_size(machine_ms())
            if start < len(ids) and size:
                self._again(0.0)
            return count

    def _batch_size(self, now: int) -> int:
        """How many messages to look at together: one while every channel is only to be probed, none while none can be
        tried."""
        states = [each.state for each in self._channels.healths]
        if not states or any(each.blocked_since(now) is None for each in states):
            return BATCH
        return 1 if any(each.opens_at(now) <= now for each in states) else 0

    def _not_parked(self, ids: Sequence[str], now: int) -> list[str]:
        """Without those that wait for a channel. A channel that has become usable again frees all."""
        blocked = {each.channel for each in self._channels.healths if each.state.blocked_since(now) is not None}
        if not self._blocked <= blocked:
            self._parked.clear()
        self._blocked = blocked
        self._parked = {id: until for id, until in self._parked.items() if until > now}
        return [id for id in ids if id not in self._parked]

    async def _finish_consequences(self) -> None:
        """Take up what a crash has cut off after an answer was stored."""
        async for row in self._store.scan(MESSAGE.name, {"release": 1}, ()):
            await self._consequences.of_facts(await self._messages.get(row.id))

    def _live_since(self, mode: AlertingMode) -> int:
        """Machine milliseconds of the mode's last change; 0 when the clock was set back behind it since."""
        if mode.since is None:
            return 0
        offset = self._clock.now() - self._clock.machine()
        since = round((mode.since - offset).timestamp() * 1000)
        return since if since <= machine_ms() else 0

    async def _batch(self, ids: Sequence[str], around: _Round) -> int:
        page = await self._messages.list({ID: OneOf(list(ids))}, limit=len(ids), after=None)
        by_id = {each.id: each for each in page.items}
        prepared = await self._preparation.batch([by_id[id] for id in ids if id in by_id])
        lanes: dict[str, Lane] = {}
        others: list[tuple[Prepared, Route | None]] = []
        persons, later = set[str](), False
        for each in prepared:
            if not around.mode.reaches(each.message.person) or not each.message.is_due(around.now):
                continue
            decision = await self._decide(each, around)
            if isinstance(decision, Try) and each.message.person in persons:
                later = True  # what became of the first one may close the address
                continue
            persons.add(each.message.person)
            if not isinstance(decision, Try) or not self._join(lanes, each, decision):
                others.append((each, decision))
        taken = Taken()
        settling = asyncio.ensure_future(in_parallel(others, lambda pair: self._settle(*pair, around)))
        sending = [asyncio.ensure_future(lane.run(taken, around.live_since)) for lane in lanes.values()]
        ended = await asyncio.gather(settling, *sending, return_exceptions=True)
        await self._performance.add(taken)
        for result in ended:  # all have ended; the first error is raised for all
            if isinstance(result, BaseException):
                raise result
        limited = [lane.window for lane in lanes.values() if lane.limited]
        if limited:
            self._again(max(limited))
        elif later:
            self._again(0.0)
        return sum(settling.result()) + sum(each.result() for each in sending)

    def _join(self, lanes: dict[str, Lane], prepared: Prepared, how: Try) -> bool:
        """Put a message into the lane of its channel; False when that does not exist."""
        contact = prepared.contact
        reached = self._channels.reaching(how.channel, contact.address(how.channel)) if contact else None
        if reached is None:
            return False
        channel, health = reached
        if health.channel not in lanes:
            lanes[health.channel] = Lane(channel, health, self._hand_overs, lambda: self._stopping)
        lanes[health.channel].add(prepared, how)
        return True

    async def _decide(self, prepared: Prepared, around: _Round) -> Route | None:
        """What to do with a message; None: drop it."""
        message, now = prepared.message, around.now
        if prepared.frame is None:
            return Wait(now + NOT_CONFIGURED)  # the region is not known: nobody can say what holds
        waiting = any(each.awaits_receipt for each in message.attempts)
        if not waiting and (not prepared.channels or not prepared.holding):
            return None
        options = self._options(prepared, around) if prepared.holding else []
        if not options and not waiting:
            return Wait(now + NOT_CONFIGURED)
        decision = route(message, options, now)
        if isinstance(decision, Try):
            allowed = await self._allowed(message.region, around)
            if allowed > now:
                return Wait(allowed)
        return decision

    def _options(self, prepared: Prepared, around: _Round) -> list[Option]:
        found = []
        for name in prepared.channels:
            address = prepared.contact.address(name) if prepared.contact else ""
            reached = self._channels.reaching(name, address)
            if reached is None:
                continue
            health, now = reached[1], around.now
            if _refuses(health, prepared, name):
                continue
            since, opens_at = health.state.blocked_since(now), health.state.opens_at(now)
            if since is not None and opens_at <= now:
                may_probe = self._has_no_other(prepared, name, now) or _may_probe(prepared, name, since, now)
                if health.channel in around.probing:
                    since = now  # the others learn from the probe, and take no other channel meanwhile
                elif may_probe:
                    around.probing.add(health.channel)
                    since = None
                opens_at = now + AFTER_PROBE
            found.append(Option(name, since, opens_at))
        return found

    def _has_no_other(self, prepared: Prepared, channel: ChannelName, now: int) -> bool:
        """Whether the message can go through no other channel now: a second copy whose first one is out, what the other
        channel refuses or has put off for long, or while all channels are blocked. It probes the channel then, however
        long that has been blocked, or it would wait for ever."""
        message = prepared.message
        used = {each.channel for each in message.attempts if used_up(each)} | {turns_from(message, now)}
        contact = prepared.contact
        for other in prepared.channels:
            reached = self._channels.reaching(other, contact.address(other)) if contact else None
            if other in (channel, *used) or reached is None or _refuses(reached[1], prepared, other):
                continue
            if reached[1].state.blocked_since(now) is None:
                return False
        return True

    async def _allowed(self, region: str, around: _Round) -> int:
        if region not in around.allowed:
            moment = self._clock.now()
            allowed = await self._quiet_times.next_allowed(region, moment)
            around.allowed[region] = around.now + round((allowed - moment).total_seconds() * 1000)
        return around.allowed[region]

    async def _settle(self, prepared: Prepared, decision: Route | None, around: _Round) -> bool:
        """Do what needs no channel; whether the message was dropped or given up."""
        if decision is None:
            return await self._hand_overs.drop(prepared)
        if isinstance(decision, GiveUp):
            return await self._hand_overs.give_up(prepared.found.id)
        if isinstance(decision, Wait) and decision.blocked:
            self._parked[prepared.found.id] = decision.until
        elif isinstance(decision, Wait):
            quiet = decision.until == around.allowed.get(prepared.message.region)
            await self._hand_overs.look_again(prepared.found.id, decision.until, "quiet" if quiet else "")
        return False


def _refuses(health: ChannelHealth, prepared: Prepared, channel: ChannelName) -> bool:
    """Whether the provider refuses the template that the message needs on this channel."""
    return bool(health.state.templates) and health.state.refuses(prepared.render(channel, None).stamp)


def _may_probe(prepared: Prepared, channel: ChannelName, since: int, now: int) -> bool:
    """Whether a message may be used to find out whether a blocked channel works again. Once a channel has been blocked
    for so long that another is taken, only one that has not been used for that."""
    last = prepared.message.last
    waited = now - since < WAIT_FOR_PREFERRED or len(prepared.channels) == 1
    fresh = last is None or last.effective not in (AnswerClass.AWAY, AnswerClass.ACCOUNT)
    return channel == prepared.channels[0] and (waited or fresh)
