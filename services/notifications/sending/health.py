"""Remembers what a channel's answers have made of it, for all replicas.

A channel that a provider has stopped, or that is away, is tried with one message at a time, until one is accepted; a
restart of the service tries it at once.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog

from services.notifications.metrics import AWAY, STOPPED
from services.notifications.sending.channel_state import ChannelState
from services.notifications.sending.repositories import channel_repository
from shared.clock import machine_ms
from shared.ports.store import Store
from shared.storage.steps import without_event

log = structlog.get_logger("notifications")

Step = Callable[[ChannelState], ChannelState | None]


class ChannelHealth:
    """The state of one channel. state: as it was read last, or as this process has changed it since."""

    def __init__(self, store: Store, channel: str) -> None:
        self._channels = channel_repository(store)
        self.channel = channel
        self.state = ChannelState()

    async def refresh(self) -> ChannelState:
        """Read the state."""
        found = await self._channels.find(self.channel)
        return self._show(found.value if found else ChannelState())

    async def why_stopped(self) -> str | None:
        """The provider's code; None while the account is not refused."""
        state = await self.refresh()
        return state.code if state.stopped else None

    async def may_probe(self) -> bool:
        """While stopped or away: whether this process may hand one message over now. True for one caller each time."""
        now = machine_ms()
        before = self.state
        if before.probe(now) is None:
            return False
        return await self._change(lambda state: state.probe(now))

    async def take(self, wanted: int, per_second: float | None) -> int:
        """How many of `wanted` hand-overs the provider's limit allows now, over all replicas."""
        if per_second is None:
            return wanted
        now, got = machine_ms(), 0

        def step(state: ChannelState) -> ChannelState:
            nonlocal got
            after, got = state.taken(wanted, per_second, now)
            return after

        await self._change(step)
        return got

    async def accepted(self) -> None:
        """The provider has accepted a message."""
        if self.state.accepted() is not None and await self._change(ChannelState.accepted):
            log.info("channel.resumed", channel=self.channel)

    async def answered(self) -> None:
        """The provider has answered, whatever it said."""
        if self.state.answered() is not None:
            await self._change(ChannelState.answered)

    async def away(self) -> None:
        """The provider did not answer."""
        now, was = machine_ms(), self.state.away
        await self._change(lambda state: state.not_answered(now))
        if self.state.away and not was:
            log.warning("channel.away", channel=self.channel)

    async def pause(self, until: int) -> None:
        """The provider asks for a pause until then (machine milliseconds)."""
        now = machine_ms()
        if await self._change(lambda state: state.paused(until, now)):
            log.warning("channel.paused", channel=self.channel, seconds=(until - now) // 1000)

    async def stop(self, code: str) -> None:
        """The provider refuses the account. The log and the gauge show it to the operator."""
        now = machine_ms()
        if await self._change(lambda state: state.halted(code, now)):
            self._say_stopped(code)

    async def refused_person(self, person: str, code: str) -> None:
        """The provider refuses one person by its policy (5.7.x)."""
        now, was = machine_ms(), self.state.stopped
        await self._change(lambda state: state.refused_person(person, code, now))
        if self.state.stopped and not was:
            self._say_stopped(code)

    async def refused_template(self, template: str, code: str) -> None:
        """The provider refuses a template (`name@version`)."""
        now = machine_ms()
        if await self._change(lambda state: state.refused_template(template, code, now)):
            log.error("template.refused", channel=self.channel, template=template, code=code)

    async def allowed_template(self, template: str) -> None:
        """The provider allows a template (`name@version`) again."""
        if self.state.allowed_template(template) and await self._change(lambda state: state.allowed_template(template)):
            log.info("template.allowed", channel=self.channel, template=template)

    async def resume(self) -> None:
        """Use the channel (again)."""
        if (await self._channels.find(self.channel)) and await self._change(ChannelState.resumed):
            log.info("channel.resumed", channel=self.channel)

    def _say_stopped(self, code: str) -> None:
        log.error("channel.stopped", channel=self.channel, code=code, cure="correct its settings, then restart")

    async def _change(self, step: Step) -> bool:
        found = await self._channels.change(self.channel, without_event(lambda before: _begun(before, step)))
        self._show(found.value)
        return found.changed

    def _show(self, state: ChannelState) -> ChannelState:
        self.state = state
        STOPPED.labels(self.channel).set(int(state.stopped))
        AWAY.labels(self.channel).set(int(state.away))
        return state


def _begun(before: ChannelState | None, step: Step) -> ChannelState | None:
    """The step on a state that may not be stored yet. An unchanged new one is stored, for `change` needs a document."""
    after = step(before or ChannelState())
    return after if before is not None else after or ChannelState()
