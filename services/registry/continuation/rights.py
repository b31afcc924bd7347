"""Intellectual property: kind, number, date, holder, and the day on which protection ends.

How long it lasts (UU 28/2014; `domain.md` §5): literary works and the like for life and 70 years, computer programs,
photographs and databases 50 years from publication, works of legal entities 50 years. For every other kind the day is
the certificate's.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.registry.continuation.follow_up import months_later
from services.registry.fields import Day, Reference
from shared.contracts.continuation import RightExpiry, RightsKind
from shared.contracts.fields import Name

YEARS_FROM_PUBLICATION: dict[RightsKind, int] = {
    RightsKind.PROGRAM: 50,
    RightsKind.PHOTOGRAPH: 50,
    RightsKind.DATABASE: 50,
    RightsKind.WORK_OF_A_BODY: 50,
}
YEARS_AFTER_DEATH = 70


class RightEntry(BaseModel):
    """A right as it is entered. number, dated: of the certificate; holder: a person or an office (private);
    published_on: for kinds that count from it; author_died_on: of a work; expires_on: the last day of protection where
    the certificate names one; it prevails."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: RightsKind
    number: Reference
    dated: Day
    holder: Name
    published_on: Day | None = None
    author_died_on: Day | None = None
    expires_on: Annotated[date, Field(ge=date(1945, 8, 17), le=date(2300, 12, 31))] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.expires_on is not None and self.expires_on < self.dated:
            raise ValueError("pelindungan tidak dapat berakhir sebelum tanggal sertifikat")
        return self

    @property
    def ends_on(self) -> date | None:
        """The last day of protection; None while it is not known."""
        if self.expires_on is not None:
            return self.expires_on
        if self.kind is RightsKind.WORK:
            return None if self.author_died_on is None else months_later(self.author_died_on, 12 * YEARS_AFTER_DEATH)
        years = YEARS_FROM_PUBLICATION.get(self.kind)
        return None if years is None or self.published_on is None else months_later(self.published_on, 12 * years)


class RightsList(BaseModel):
    """The body of a change: the whole list."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rights: tuple[RightEntry, ...] = Field(max_length=20)


class Right(RightEntry):
    """As it is stored. nth: counts the expiries ever recorded for the innovation; 0: its end is not known."""

    nth: int = 0


def recorded(before: tuple[Right, ...], entries: tuple[RightEntry, ...], count: int) -> tuple[tuple[Right, ...], int]:
    """The rights after a change, and how many expiries were recorded by then. One that keeps its certificate and its
    last day keeps its number; another day is another number, so that it is told anew."""
    known = {(each.kind, each.number, each.ends_on): each.nth for each in before}
    after: list[Right] = []
    for entry in entries:
        nth = known.get((entry.kind, entry.number, entry.ends_on), 0)
        if entry.ends_on is not None and not nth:
            count += 1
            nth = count
        after.append(Right(**entry.model_dump(), nth=nth if entry.ends_on is not None else 0))
    return tuple(after), count


def expiries(rights: tuple[Right, ...]) -> tuple[RightExpiry, ...]:
    """What events say of them: those that end on a known day, the first one first."""
    ending = [(each.ends_on, each) for each in rights if each.ends_on is not None and each.nth]
    ending.sort(key=lambda pair: (pair[0], pair[1].nth))
    return tuple(RightExpiry(number=each.nth, kind=each.kind, expires_on=day) for day, each in ending)
