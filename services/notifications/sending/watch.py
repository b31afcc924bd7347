"""Notices when messages that are due are not handed over: for metrics, readiness and `satu doctor`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog

from services.notifications.kinds import CONTACT
from services.notifications.messages.message import UNSETTLED
from services.notifications.messages.repositories import message_repository
from services.notifications.metrics import LATE, OLDEST_UNSENT
from services.notifications.obligations.behind import behind
from services.notifications.reminders.mode import AlertingMode, Mode
from services.notifications.sending.channels import Channels
from shared.clock import Clock, machine_ms
from shared.observability.readiness import RUNNING, Readiness
from shared.ports.store import Range, Store

ALARM = 300  # seconds that a due message may wait
_PAGE = 200

log = structlog.get_logger("notifications")


@dataclass(frozen=True)
class Unsent:
    """The oldest message that is due and not handed over. id: `<person>/<number>`; seconds: how long it has been
    due."""

    id: str
    seconds: int

    @property
    def late(self) -> bool:
        """Whether somebody must be told."""
        return self.seconds > ALARM


class SendingWatch:
    """Looks at one store. mode: who may be reached now; silent: the loops that do not work."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        channels: Channels,
        mode: Callable[[], Awaitable[AlertingMode]],
        silent: Callable[[], list[str]],
        *,
        public_url: str,
    ) -> None:
        self._store = store
        self._clock = clock
        self._channels = channels
        self._mode = mode
        self._silent = silent
        self._public_url = public_url
        self._messages = message_repository(store)
        self._rang = False

    async def measure(self) -> None:
        """Bring the gauges up to date, and log once when the alarm begins."""
        oldest = await self.oldest_unsent()
        OLDEST_UNSENT.set(oldest.seconds if oldest else 0)
        late = oldest is not None and oldest.late
        LATE.set(int(late))
        if late and not self._rang and oldest:
            log.error("messages.late", message=oldest.id, seconds=oldest.seconds)
        self._rang = late

    async def oldest_unsent(self) -> Unsent | None:
        """The oldest unsent due message to a person whom the mode reaches; None without one."""
        mode, now = await self._mode(), machine_ms()
        if mode.silent:
            return None
        since = [await self._oldest(status.value, mode, now) for status in UNSETTLED]
        found = min((each for each in since if each is not None), default=None)
        if found is None:
            return None
        begun = max(found[0], self._live_since(mode))
        return Unsent(found[1], max(0, now - begun) // 1000)

    async def readiness(self) -> Mapping[str, Readiness]:
        """Parts for `/health/ready`. None of them makes the service not ready, for it goes on serving requests: `state`
        and `why` are for the operator."""
        mode = await self._mode()
        parts = {"alerting": self._of_mode(mode), "messages": _of_unsent(await self.oldest_unsent())}
        await self._channels.refresh()
        now = machine_ms()
        for health in self._channels.healths:
            state = health.state
            if state.stopped:
                why = f"the provider refuses the account ({state.code}): correct its settings, then restart"
                parts[f"channel {health.channel}"] = Readiness(ready=True, state="stopped", why=why)
            elif state.blocked_since(now) is not None:
                why = "the provider does not answer" if state.away else "the provider asks for a pause"
                parts[f"channel {health.channel}"] = Readiness(ready=True, state="away", why=why)
            else:
                parts[f"channel {health.channel}"] = RUNNING
        late = await behind(self._store, self._clock.now())
        if late:
            why = "; ".join(each.why for each in late[:3])
            parts["registry"] = Readiness(ready=True, state="behind", why=why)
        silent = self._silent()
        if silent:
            parts["heartbeat"] = Readiness(
                ready=True, state="silent", why=f"the last round failed: {', '.join(silent)}"
            )
        return parts

    async def closed_contacts(self) -> int:
        """How many contacts have an address that a provider refused."""
        return len([row.id async for row in self._store.scan(CONTACT.name, {"closed": 1, "erased": 0}, ())])

    def _of_mode(self, mode: AlertingMode) -> Readiness:
        if mode.stopped:
            return Readiness(ready=True, state="switched-off", why="the stop switch is on: satu alerts start")
        if mode.mode is Mode.LIVE and not self._public_url:
            why = "PUBLIC_URL is not set: messages have no link"
            return Readiness(ready=True, state=mode.mode.value, why=why)
        if mode.mode is not Mode.LIVE:
            why = "nobody is told" if mode.mode is Mode.LOG else f"only {len(mode.allowed)} persons are told"
            return Readiness(ready=True, state=mode.mode.value, why=f"{why}: satu alerts status")
        return Readiness(ready=True, state=mode.mode.value)

    async def _oldest(self, status: str, mode: AlertingMode, now: int) -> tuple[int, str] | None:
        where = {"status": status, "due_since": Range(least=1, most=now)}
        cursor: str | None = None
        while True:
            page = await self._messages.list(where, sort=[("due_since", 1)], limit=_PAGE, after=cursor)
            for each in page.items:
                if mode.reaches(each.value.person):
                    return each.value.due_since, each.id
            if page.after is None:
                return None
            cursor = page.after

    def _live_since(self, mode: AlertingMode) -> int:
        if mode.since is None:
            return 0
        return round((mode.since - (self._clock.now() - self._clock.machine())).timestamp() * 1000)


def _of_unsent(oldest: Unsent | None) -> Readiness:
    if oldest is None or not oldest.seconds:
        return RUNNING
    why = f"message {oldest.id} has been due for {oldest.seconds} seconds"
    return Readiness(ready=True, state="late" if oldest.late else "running", why=why)
