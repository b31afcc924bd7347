"""How many public ideas are taken: so many of a region on a local day, and so many from one address in an hour."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from services.registry.kinds import IDEA_DAY
from shared.clock import machine_seconds
from shared.faults import QuotaSpent
from shared.ports.store import Store
from shared.storage.repository import Repository
from shared.storage.steps import without_event

PER_ADDRESS = 5
WITHIN = 3600.0  # seconds
_MOST_ADDRESSES = 10_000  # that are remembered, in memory only


class IdeaDay(BaseModel):
    """How many ideas a region has taken on its latest day with one. day: local, in ISO form."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: str
    count: int


class IdeaQuota:
    """Counts by region in the store, the same for all replicas; by address in this process, and nowhere else."""

    def __init__(self, store: Store) -> None:
        self._days = Repository(store, IDEA_DAY, IdeaDay, "Belum ada gagasan.")
        self._addresses: OrderedDict[str, deque[float]] = OrderedDict()

    async def take(self, region: str, now: datetime, most: int, address: str | None) -> None:
        """Count one idea. now: local time of the region; most: of the region on a day. Raises QuotaSpent, StoreAway."""
        self._require_address(address)
        day = now.date().isoformat()

        def count(before: IdeaDay | None) -> IdeaDay:
            taken = before.count if before is not None and before.day == day else 0
            if taken >= most:
                raise QuotaSpent(
                    f"Daerah ini menerima paling banyak {most} gagasan sehari; kirimkan lagi besok.",
                    retry_after=_seconds_to_midnight(now),
                )
            return IdeaDay(day=day, count=taken + 1)

        await self._days.change(region, without_event(count))

    def _require_address(self, address: str | None) -> None:
        if address is None:
            return
        now = machine_seconds()
        taken = self._addresses.setdefault(address, deque())
        self._addresses.move_to_end(address)
        while taken and taken[0] <= now - WITHIN:
            taken.popleft()
        if len(taken) >= PER_ADDRESS:
            raise QuotaSpent(
                "Terlalu banyak gagasan dari alamat ini; coba lagi nanti.",
                retry_after=max(1, round(taken[0] + WITHIN - now)),
            )
        taken.append(now)
        while len(self._addresses) > _MOST_ADDRESSES:
            self._addresses.popitem(last=False)


def _seconds_to_midnight(now: datetime) -> int:
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(1, round((midnight - now).total_seconds()))
