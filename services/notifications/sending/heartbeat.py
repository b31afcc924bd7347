"""Tells an outside watcher that reminders are found and sent, so that somebody notices when they are not.

HEARTBEAT_URL is called at most once a minute, and only if the last rounds of the sweep and of the sender ended without
a fault and not long ago. Whatever stops them, a crash of this process included, stops the calls, and the watcher rings.
"""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable

import structlog

from services.notifications.metrics import HEARTBEATS
from shared.clock import machine_seconds

MOST_SILENCE = 300.0  # seconds since the end of a round, after which it counts as not working
TIMEOUT = 10.0  # seconds

log = structlog.get_logger("notifications")


class Heartbeat:
    """rounds: the names of the loops that must work. url: empty: nobody is called."""

    def __init__(self, url: str, rounds: tuple[str, ...], call: Callable[[str], None] | None = None) -> None:
        self._url = url
        self._call = call or call_url
        self._ended: dict[str, float | None] = dict.fromkeys(rounds)

    def watched(self, name: str, run: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """The loop function `run`, whose rounds are remembered."""

        async def watch() -> None:
            try:
                await run()
            except BaseException:
                self._ended[name] = None
                raise
            self._ended[name] = machine_seconds()

        return watch

    @property
    def silent(self) -> list[str]:
        """The loops whose last round failed, or ended too long ago."""
        now = machine_seconds()
        return [name for name, ended in self._ended.items() if ended is None or now - ended > MOST_SILENCE]

    async def beat(self) -> None:
        """Call the watcher, if all works."""
        if not self._url or self.silent:
            return
        try:
            await asyncio.to_thread(self._call, self._url)
        except (OSError, ValueError) as error:
            HEARTBEATS.labels("failed").inc()
            log.warning("heartbeat.failed", error=type(error).__name__)
        else:
            HEARTBEATS.labels("done").inc()


def call_url(url: str) -> None:
    """A GET. Raises OSError when it is not answered with success."""
    request = urllib.request.Request(url, headers={"User-Agent": "satu-inovasi"})  # noqa: S310 - an http(s) setting
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - likewise
        answer.read(1024)
