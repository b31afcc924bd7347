"""How many bytes an agency's accounts may upload on one local day of its region."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from services.registry.kinds import UPLOAD_DAY
from services.registry.regions.region import Region
from shared.clock import Clock
from shared.faults import QuotaSpent
from shared.ports.store import Store
from shared.storage.repository import Repository
from shared.storage.steps import without_event

_MB = 1024 * 1024  # bytes


class UploadDay(BaseModel):
    """What an agency has uploaded on its latest day with an upload. day: the region's, in ISO form; size: bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: str
    size: int


class Reserved:
    """A reservation. used: the bytes that were stored in the end; the others are given back."""

    def __init__(self) -> None:
        self.used = 0


class UploadQuota:
    """Counts uploads by agency, in the registry's store: the same for all replicas, and after a restart."""

    def __init__(self, store: Store, clock: Clock, *, most: int) -> None:
        """most: bytes of one agency on one day."""
        self._days = Repository(store, UPLOAD_DAY, UploadDay, "Belum ada unggahan.")
        self._clock = clock
        self._most = most

    @asynccontextmanager
    async def reserved(self, agency: str, region: Region, size: int) -> AsyncIterator[Reserved]:
        """Reserve `size` bytes while the block runs. Raises QuotaSpent, StoreAway."""
        now = region.local(self._clock.now())
        day = now.date().isoformat()
        await self._days.change(agency, without_event(lambda before: self._with(before, day, size, now)))
        reserved = Reserved()
        try:
            yield reserved
        finally:
            unused = size - reserved.used
            await self._days.change(agency, without_event(lambda before: _without(before, day, unused)))

    def _with(self, before: UploadDay | None, day: str, size: int, now: datetime) -> UploadDay:
        used = before.size if before is not None and before.day == day else 0
        if used + size > self._most:
            raise QuotaSpent(
                f"Perangkat daerah ini sudah mengunggah {used // _MB} MB hari ini; yang terbanyak "
                f"{self._most // _MB} MB sehari. Lanjutkan besok.",
                retry_after=_seconds_to_midnight(now),
            )
        return UploadDay(day=day, size=used + size)


def _without(before: UploadDay | None, day: str, size: int) -> UploadDay | None:
    if before is None or before.day != day:
        return before
    return UploadDay(day=day, size=max(0, before.size - size))


def _seconds_to_midnight(now: datetime) -> int:
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(1, round((midnight - now).total_seconds()))
