"""How up to date the read model is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from shared.clock import Clock


@dataclass(frozen=True)
class Freshness:
    """building: it may lack subjects, and pages say `sedang dibangun`; as_of: when all that had been published was
    here, None: that is not known yet. Upkeep measures it in machine time; pages show it in business time, as all dates
    of theirs."""

    building: bool
    as_of: datetime | None

    def in_business_time(self, clock: Clock) -> Freshness:
        """The same, from machine time: as long ago by the time that the clock is set to."""
        if self.as_of is None:
            return self
        return replace(self, as_of=clock.now() - (clock.machine() - self.as_of))
