"""What is told of a subject on certain days, and when to look at it. Pure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from shared.contracts.message import Reason

NEVER = date.max.toordinal()
"""The number of no day."""


@dataclass(frozen=True)
class Told:
    """One thing to tell. what, number: of the reason; first, last: days, both included, on which it is due; on: the day
    that it is about; at: the moment, where that is known instead, and `on` its day in UTC."""

    what: str
    number: int
    first: date
    last: date
    on: date
    at: datetime | None = None

    def due_on(self, day: date) -> bool:
        """Whether it is due on the local day `day`."""
        return self.first <= day <= self.last


class Dated(BaseModel, ABC):
    """A subject of one agency, of which something is told on certain days."""

    model_config = ConfigDict(frozen=True)

    region: str
    agency: str

    @property
    @abstractmethod
    def told(self) -> Iterator[Told]:
        """Everything that its agency is told."""

    @abstractmethod
    def reason(self, told: Told) -> Reason:
        """The reason to tell it."""

    def opens(self, day: date | None = None) -> int:
        """The first day of what has not ended by `day`; without one, of all."""
        begins = (each.first.toordinal() for each in self.told if day is None or each.last >= day)
        return min(begins, default=NEVER)

    def look(self, day: date) -> int:
        """The next day after `day` on which something begins, or has ended."""
        told = list(self.told)
        begins = [each.first.toordinal() for each in told if each.first > day]
        ended = [each.last.toordinal() + 1 for each in told if each.due_on(day)]
        return min([*begins, *ended], default=NEVER)
