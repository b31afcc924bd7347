"""The webhook endpoints of a region that failures have disabled, as reasons."""

from __future__ import annotations

from services.notifications.known_endpoints import KnownEndpoints
from services.notifications.reminders.frame import RegionFrame
from services.notifications.reminders.reasons import DueReason, endpoint_reasons
from shared.ports.store import Store


class EndpointList:
    """Reads one store."""

    def __init__(self, store: Store) -> None:
        self._endpoints = KnownEndpoints(store)

    async def __call__(self, frame: RegionFrame) -> list[tuple[DueReason, int]]:
        """Each reason that is due, with the machine milliseconds at which the feed disabled the endpoint."""
        return [
            (due, each.sequence)
            for each in await self._endpoints.disabled(frame.code)
            for due in endpoint_reasons(each.value, frame.zone, frame.day)
        ]
