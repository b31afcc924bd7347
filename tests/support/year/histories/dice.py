"""Random choices of a history, repeatable by its seed."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID

from shared.contracts.vocabulary import Zone
from tests.support.year.local import at_local

T = TypeVar("T")


class Dice(random.Random):
    """Moments are unique, so that the order of facts is never a matter of luck."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._used: set[datetime] = set()

    def chance(self, share: float) -> bool:
        """True in that share of all cases."""
        return self.random() < share

    def one_of(self, weights: dict[T, int]) -> T:
        """One of the keys, by weight."""
        return self.choices(list(weights), list(weights.values()))[0]

    def day(self, first: date, last: date) -> date:
        """A day between both."""
        return first + timedelta(days=self.randint(0, max(0, (last - first).days)))

    def moment(self, day: date, zone: Zone) -> datetime:
        """Mostly in office hours, sometimes at night; never close to the hours at which quiet begins or ends."""
        minutes = self.randint(8 * 60 + 10, 17 * 60 + 40) if self.chance(0.85) else self.randint(20 * 60, 23 * 60 + 30)
        if self.chance(0.06):
            minutes = self.randint(10, 6 * 60 + 30)
        return self.unique(at_local(day, time(minutes // 60, minutes % 60, self.randint(0, 59)), zone))

    def unique(self, moment: datetime) -> datetime:
        """That moment, or the next free second, in UTC."""
        moment = moment.astimezone(UTC)
        while moment in self._used:
            moment += timedelta(seconds=1)
        self._used.add(moment)
        return moment

    def id(self) -> str:
        """An opaque id."""
        return str(UUID(int=self.getrandbits(128), version=4))
