"""Stops a channel whose provider refuses the sender's configuration (5.7.x), and resumes it.

While it is stopped, one message every half hour is handed over as a probe, until one is accepted or the service is
restarted.
"""

from __future__ import annotations

from contextlib import suppress

import structlog

from services.notifications.metrics import STOPPED
from services.notifications.sending.channel_state import PROBE_EVERY, ChannelState
from services.notifications.sending.repositories import channel_repository
from shared.clock import machine_ms
from shared.faults import NotFound
from shared.ports.store import Store
from shared.storage.steps import without_event

log = structlog.get_logger("notifications")


class ChannelHealth:
    """The state of one channel, shared by all replicas through the store."""

    def __init__(self, store: Store, channel: str) -> None:
        self._channels = channel_repository(store)
        self._channel = channel

    async def why_stopped(self) -> str | None:
        """The provider's code; None while the channel is in use."""
        found = await self._channels.find(self._channel)
        stopped = found is not None and found.value.stopped
        STOPPED.labels(self._channel).set(int(stopped))
        return found.value.code if found and stopped else None

    async def may_probe(self) -> bool:
        """While stopped: whether this process may hand one message over now. True for one caller each half hour."""
        now = machine_ms()
        claimed = await self._channels.amend(self._channel, None, without_event(lambda state: state.probe(now)))
        return claimed.changed

    async def stop(self, code: str) -> None:
        """The provider refuses the sender's configuration. The log and the gauge show it to the operator."""
        now = machine_ms()
        stopped = ChannelState(stopped=True, code=code, since=now, probe_at=now + PROBE_EVERY)
        state = await self._channels.change(
            self._channel, without_event(lambda before: None if before and before.stopped else stopped)
        )
        if state.changed:
            log.error(
                "channel.stopped", channel=self._channel, code=code, cure="correct SMTP_URL or MAIL_FROM, restart"
            )
        STOPPED.labels(self._channel).set(1)

    async def resume(self) -> None:
        """Use the channel (again)."""
        with suppress(NotFound):
            state = await self._channels.amend(self._channel, None, without_event(ChannelState.resumed))
            if state.changed:
                log.info("channel.resumed", channel=self._channel)
        STOPPED.labels(self._channel).set(0)
