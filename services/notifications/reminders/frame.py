"""What the reasons of one region are judged by on one local day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from services.notifications.reminders.policy.alert_policy import AlertPolicy
from services.notifications.reminders.restore_hold import RestoreHold
from shared.contracts.region import RegionRegistered
from shared.contracts.vocabulary import Zone


@dataclass(frozen=True)
class RegionFrame:
    """day: local; today: the region's local day now; policy: in force on `day`; hold: after a restore, None: none is
    active; offset: seconds that business time is ahead of machine time."""

    region: RegionRegistered
    day: date
    today: date
    policy: AlertPolicy
    hold: RestoreHold | None
    offset: float

    @property
    def code(self) -> str:
        """Of the region."""
        return self.region.code

    @property
    def zone(self) -> Zone:
        """Of the region."""
        return self.region.zone

    @property
    def dry(self) -> bool:
        """Whether `day` is another day than today, so that nothing may be written."""
        return self.day != self.today

    def business_time(self, sequence: int) -> datetime:
        """The business time of a document's sequence (machine milliseconds)."""
        return datetime.fromtimestamp(sequence / 1000 + self.offset, UTC)

    def changed_on(self, sequence: int) -> date:
        """The local day of a document's last change, `day` at the latest."""
        return min(self.day, self.business_time(sequence).astimezone(ZoneInfo(self.zone)).date())

    def begin_of(self, day: date) -> datetime:
        """The first moment of a local day."""
        return datetime.combine(day, time(0), ZoneInfo(self.zone)).astimezone(UTC)
