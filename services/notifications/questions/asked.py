"""What the registry asks about one innovation, and which of its rights end, on which days. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict

from shared.contracts.continuation import ContinuationState, RightExpiry
from shared.contracts.innovation import InnovationDrafted, InnovationState
from shared.contracts.vocabulary import InnovationStatus

RIGHT_ENDS_WITHIN = timedelta(days=180)
"""How long before the end of a right it is told. (Ours; no source states one.)"""

NEVER = date.max.toordinal()
"""The number of no day."""


class Questions(BaseModel):
    """Of one innovation. agency, year: where it is now; verified: only then something is asked; follow_up, asked_on,
    until: the open question whether it is still in use, 0: none; rights: those that end."""

    model_config = ConfigDict(frozen=True)

    innovation: str
    region: str
    agency: str
    year: int
    name: str = ""
    verified: bool = False
    follow_up: int = 0
    asked_on: date | None = None
    until: date | None = None
    rights: tuple[RightExpiry, ...] = ()

    @classmethod
    def of(cls, innovation: InnovationState | InnovationDrafted, known: ContinuationState) -> Questions:
        """What an event says."""
        return cls(
            innovation=innovation.id,
            region=innovation.region,
            agency=innovation.agency,
            year=innovation.year,
            name=innovation.name if isinstance(innovation, InnovationState) else "",
            verified=innovation.status is InnovationStatus.VERIFIED,
            follow_up=known.follow_up,
            asked_on=known.follow_up_on,
            until=known.follow_up_until,
            rights=known.rights,
        )

    @property
    def spans(self) -> tuple[tuple[date, date], ...]:
        """The first and the last day of everything that is asked or told."""
        if not self.verified:
            return ()
        asked = ((self.asked_on, self.until),) if self.asked_on is not None and self.until is not None else ()
        return (*asked, *((each.expires_on - RIGHT_ENDS_WITHIN, each.expires_on) for each in self.rights))

    def opens(self, day: date | None = None) -> int:
        """The first day of what has not ended by `day`; without one, of all."""
        return min((first.toordinal() for first, last in self.spans if day is None or last >= day), default=NEVER)

    def look(self, day: date) -> int:
        """The next day after `day` on which something begins, or has ended."""
        begins = [first.toordinal() for first, _ in self.spans if first > day]
        ended = [last.toordinal() + 1 for first, last in self.spans if first <= day <= last]
        return min([*begins, *ended], default=NEVER)
