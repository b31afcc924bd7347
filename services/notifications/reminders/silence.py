"""Says in the log and in a metric, once for each region and day, whom a mode leaves without their alerts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import structlog

from services.notifications.metrics import WITHHELD
from services.notifications.reminders.due import DueList
from services.notifications.reminders.mode import AlertingMode
from services.notifications.reminders.region_work import RegionWork
from services.notifications.reminders.reminder import Reminder

log = structlog.get_logger("notifications")


class SilenceLog:
    """Remembers what it has said, as long as the process runs."""

    def __init__(self, due_list: DueList) -> None:
        self._due_list = due_list
        self._said: dict[str, tuple[date, AlertingMode]] = {}
        self._persons: dict[str, int] = {}

    async def log(self, works: Iterable[RegionWork], mode: AlertingMode) -> None:
        """One line for each region that has begun a day, or got another mode, since the last."""
        if mode.reaches_everybody:
            self._said, self._persons = {}, {}
            WITHHELD.set(0)
            return
        for work in works:
            if work.day is None or self._said.get(work.code) == (work.day, mode):
                continue
            persons = alerts = 0
            async for entry in self._due_list.entries(region=work.code, mode=mode):
                if isinstance(entry, Reminder) and not mode.reaches(entry.person):
                    persons, alerts = persons + 1, alerts + len(entry.alerts)
            log.info(
                "alerts.not_sent",
                region=work.code,
                day=work.day.isoformat(),
                mode="stopped" if mode.stopped else mode.mode.value,
                persons=persons,
                alerts=alerts,
            )
            self._said[work.code] = (work.day, mode)
            self._persons[work.code] = persons
            WITHHELD.set(sum(self._persons.values()))
