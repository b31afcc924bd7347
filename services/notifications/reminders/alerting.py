"""The mode of alerting as it is stored, and how a store of an earlier release comes by one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial

import structlog

from services.notifications.kinds import MESSAGE
from services.notifications.messages.alert_log import AlertLog
from services.notifications.messages.repositories import alert_log_repository
from services.notifications.reminders.mode import MODE_ID, AlertingMode, Mode
from services.notifications.reminders.repositories import alerting_repository
from shared.clock import Clock
from shared.ports.store import Store
from shared.storage.steps import without_event

FIRST_START = "first-start"  # who set the mode of a new store
UPGRADE = "upgrade"  # who set the mode of a store with messages of an earlier release
_LOG_CHANNEL = "log"  # as attempts of releases before 0.2 name it: it told nobody

log = structlog.get_logger("notifications")


@dataclass(frozen=True)
class ModeInForce:
    """The mode and its version (machine milliseconds of its last change); forced: CHANNEL=log, whatever is stored."""

    mode: AlertingMode
    sequence: int
    forced: bool = False


class Alerting:
    """Loads and changes the mode. log_only: no channel is configured, so the mode is LOG whatever is stored."""

    def __init__(self, store: Store, clock: Clock, *, log_only: bool) -> None:
        self._store = store
        self._clock = clock
        self._log_only = log_only
        self._modes = alerting_repository(store)

    async def in_force(self) -> ModeInForce:
        """The mode that sweep and sender obey. A store without one is silent."""
        found = await self._modes.find(MODE_ID)
        stored = found.value if found else AlertingMode()
        sequence = found.sequence if found else 0
        if self._log_only:
            return ModeInForce(AlertingMode(mode=Mode.LOG, stopped=stored.stopped, by=stored.by), sequence, forced=True)
        return ModeInForce(stored, sequence)

    async def set_mode(self, mode: Mode, allowed: tuple[str, ...], by: str) -> ModeInForce:
        """Another mode, at once for every process. Who may do it, and whether it was confirmed, is not asked here."""
        now = self._clock.now()
        await self._modes.change(
            MODE_ID, without_event(lambda before: _or_same(before, lambda it: it.set(mode, allowed, by=by, since=now)))
        )
        log.warning("alerting.mode", mode=mode.value, allowed=len(allowed), by=by)
        return await self.in_force()

    async def switch(self, *, stopped: bool, by: str) -> ModeInForce:
        """The stop switch on or off."""
        now = self._clock.now()
        await self._modes.change(
            MODE_ID,
            without_event(lambda before: _or_same(before, lambda it: it.switched(stopped=stopped, by=by, since=now))),
        )
        log.warning("alerting.stopped" if stopped else "alerting.started", by=by)
        return await self.in_force()

    async def begin(self) -> None:
        """At a start: give a store that has no mode the right one. One that holds an attempt through a real channel is
        live; any other is in mode LOG. Alerts whose message went to the log channel only were never told: they leave
        the alert logs. A crash before the mode is stored is repaired by running this again."""
        if await self._modes.find(MODE_ID) is not None:
            return
        live, emptied, by = False, 0, FIRST_START
        async for person, numbers, real in self._history():
            by = UPGRADE
            live = live or real
            if numbers:
                step = partial(_emptied, numbers=frozenset(numbers))
                emptied += (await alert_log_repository(self._store).change(person, without_event(step))).changed
        first = AlertingMode(mode=Mode.LIVE if live else Mode.LOG, by=by, since=self._clock.now())
        await self._modes.create(MODE_ID, first)
        log.warning("alerting.mode", mode=first.mode.value, by=by, emptied_logs=emptied)

    async def _history(self) -> AsyncIterator[tuple[str, list[int], bool]]:
        """Each person with messages: the numbers of those that only the log channel got, and whether any other channel
        was ever tried."""
        person, numbers, real = "", list[int](), False
        async for row in self._store.scan(MESSAGE.name, {}, ("person", "number", "attempts")):
            if row["person"] != person:
                if person:
                    yield person, numbers, real
                person, numbers, real = row["person"], [], False
            channels = {each["channel"] for each in row["attempts"] or ()}
            if channels == {_LOG_CHANNEL}:
                numbers.append(row["number"])
            real = real or bool(channels - {_LOG_CHANNEL})
        if person:
            yield person, numbers, real


def _or_same(before: AlertingMode | None, step: Callable[[AlertingMode], AlertingMode | None]) -> AlertingMode | None:
    return step(before or AlertingMode()) or (None if before else AlertingMode())


def _emptied(before: AlertLog | None, numbers: frozenset[int]) -> AlertLog | None:
    return before.emptied_of(numbers) if before else None
