"""What the reasons of one region are judged by on one local day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

from services.notifications.known import KnownFacts, KnownRegion
from services.notifications.obligations.deadlines import closes_at, local_date, obligation_years
from services.notifications.reminders.after_restore import hold_of
from services.notifications.reminders.policy.alert_policy import AlertPolicy
from services.notifications.reminders.quiet_times import QuietTimes
from services.notifications.reminders.restore_hold import RestoreHold
from shared.clock import Clock
from shared.contracts.region import RegionRegistered, deadline_in_force
from shared.contracts.vocabulary import Zone
from shared.ports.store import Store


@dataclass(frozen=True)
class RegionFrame:
    """now: business time; day: local; policy: in force on `day`; hold: after a restore, None: none is active; offset:
    seconds that business time is ahead of machine time; clock_set_at: as the clock's `set_at`."""

    region: RegionRegistered
    now: datetime
    day: date
    policy: AlertPolicy
    hold: RestoreHold | None = None
    offset: float = 0.0
    clock_set_at: int = 0

    @property
    def code(self) -> str:
        """Of the region."""
        return self.region.code

    @property
    def zone(self) -> Zone:
        """Of the region."""
        return self.region.zone

    @cached_property
    def today(self) -> date:
        """The region's local day now."""
        return self.local_day(self.now)

    @cached_property
    def closings(self) -> Mapping[int, datetime]:
        """Year → the first moment after its deadline."""
        years = obligation_years(self.region)
        found = {year: deadline_in_force(self.region.deadlines, year) for year in years}
        return {year: closes_at(deadline, self.zone) for year, deadline in found.items() if deadline}

    @property
    def dry(self) -> bool:
        """Whether `day` is another day than today, so that nothing may be written."""
        return self.day != self.today

    def local_day(self, moment: datetime) -> date:
        """The region's local day at an aware time."""
        return local_date(moment, self.zone)

    def business_time(self, sequence: int) -> datetime:
        """The business time of a document's sequence (machine milliseconds)."""
        return datetime.fromtimestamp(sequence / 1000 + self.offset, UTC)

    def machine_ms(self, moment: datetime) -> int:
        """The machine milliseconds of a business time."""
        return int((moment.timestamp() - self.offset) * 1000)

    def changed_on(self, sequence: int) -> date:
        """The local day of a document's last change, `day` at the latest."""
        return min(self.day, self.local_day(self.business_time(sequence)))

    def begin_of(self, day: date) -> datetime:
        """The first moment of a local day."""
        return datetime.combine(day, time(0), ZoneInfo(self.zone)).astimezone(UTC)


class Frames:
    """Makes frames from what is stored."""

    def __init__(self, store: Store, known_facts: KnownFacts, clock: Clock, quiet_times: QuietTimes) -> None:
        self._store = store
        self._known_facts = known_facts
        self._clock = clock
        self._quiet_times = quiet_times

    async def of(self, known: KnownRegion, as_of: date | None = None) -> RegionFrame:
        """The frame of a region on the local day `as_of`, by default its own today."""
        now = self._clock.now()
        day = as_of or local_date(now, known.value.zone)
        policies = await self._quiet_times.policies(known.value.code)
        return RegionFrame(
            region=known.value,
            now=now,
            day=day,
            policy=policies.in_force(day),
            hold=await hold_of(self._store, known.value.code),
            offset=(now - self._clock.machine()).total_seconds(),
            clock_set_at=self._clock.set_at,
        )

    async def of_code(self, code: str) -> RegionFrame | None:
        """Today's frame of a region; None when it is not known."""
        known = await self._known_facts.region(code)
        return await self.of(known) if known else None
