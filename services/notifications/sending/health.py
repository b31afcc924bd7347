"""Whether a channel carries at all. A provider that finds fault with the sender's set-up (5.7.x) stops it: nothing is
handed over but one message now and then, as a probe, until one is taken or the operator says go on.

State of `channel/<name>`: ``{stopped, code, since, probe_at}``; moments in machine milliseconds.
"""

from __future__ import annotations

from contextlib import suppress

import structlog

from services.notifications.kinds import CHANNEL
from services.notifications.metrics import STOPPED
from shared.clock import machine_ms
from shared.faults import NotFound
from shared.ports.store import State, Store
from shared.storage.steps import if_exists, without_event

PROBE_EVERY = 30 * 60 * 1000  # milliseconds

log = structlog.get_logger("notifications")


class ChannelHealth:
    """Of one channel; known to all replicas by the store."""

    def __init__(self, store: Store, channel: str) -> None:
        self._store = store
        self._channel = channel

    async def why_stopped(self) -> str | None:
        """The provider's code; None while it carries."""
        document = await self._store.get(CHANNEL.name, self._channel)
        stopped = document is not None and bool(document.state["stopped"])
        STOPPED.labels(self._channel).set(int(stopped))
        return str(document.state["code"]) if document and stopped else None

    async def may_probe(self) -> bool:
        """While stopped: whether this process may hand one message over now. True for one asker each half hour."""
        now = machine_ms()

        def claim(state: State) -> State | None:
            return state | {"probe_at": now + PROBE_EVERY} if state["stopped"] and state["probe_at"] <= now else None

        return (await self._store.change(CHANNEL.name, self._channel, if_exists(claim))).changed

    async def stop(self, code: str) -> None:
        """The provider finds fault with us. Told to the operator by the log and the gauge."""
        now = machine_ms()

        def stopped(state: State | None) -> State | None:
            if state and state["stopped"]:
                return None
            return {"stopped": 1, "code": code, "since": now, "probe_at": now + PROBE_EVERY}

        if (await self._store.change(CHANNEL.name, self._channel, without_event(stopped))).changed:
            log.error("channel.stopped", channel=self._channel, code=code, cure="mend SMTP_URL or MAIL_FROM, restart")
        STOPPED.labels(self._channel).set(1)

    async def go_on(self) -> None:
        """It carries (again)."""
        with suppress(NotFound):
            document = await self._store.change(
                CHANNEL.name,
                self._channel,
                if_exists(lambda state: state | {"stopped": 0} if state["stopped"] else None),
            )
            if document.changed:
                log.info("channel.carries_again", channel=self._channel)
        STOPPED.labels(self._channel).set(0)
