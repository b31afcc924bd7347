"""The deadlines of a region's duties, with their history.

Deadlines have moved in past years (2021, 2023), so another date or hour is a new revision, and so is a cancellation.
A year's highest revision is in force, the lower ones are its history and are never renumbered. A corrected basis is no
new revision: the deadline is the same, and nobody is to hear of it again.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from services.registry.fields import Day, Reference
from shared.contracts.fields import LocalHour, Year
from shared.contracts.region import Deadline, deadline_in_force
from shared.faults import Conflict, Flaw, Invalid


class StoredDeadline(Deadline):
    """by: the id of the account that set it; empty when a release set it that did not keep it."""

    by: str = ""


Deadlines = tuple[StoredDeadline, ...]


def _entered(hour: object) -> object:
    if hour is not None and not isinstance(hour, str | time):
        raise ValueError("harus teks seperti 14:00")
    return hour


class NewDeadline(BaseModel):
    """date: the last local day for fulfilling the duty of `year` in time; hour: the last local moment on that day
    (`14:00`), left out: the whole day; basis: the number of the circular or decree that sets it; confirm_overdue: for a
    deadline that has passed already, how many agencies become overdue at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    year: Year
    date: Day
    hour: Annotated[LocalHour | None, BeforeValidator(_entered)] = None
    basis: Reference
    confirm_overdue: int | None = Field(default=None, ge=0, le=1_000_000)


class Cancellation(BaseModel):
    """basis: the number of the circular or decree that cancels it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    basis: Reference


def in_force(deadlines: Deadlines, year: int) -> StoredDeadline | None:
    """The year's deadline; None when none was set, or the last one was cancelled."""
    newest = deadline_in_force(deadlines, year)
    return newest if isinstance(newest, StoredDeadline) and not newest.cancelled else None


def with_deadline(deadlines: Deadlines, new: NewDeadline, by: str, at: datetime) -> Deadlines:
    """The deadlines after this one was set: the same ones when the one in force is equal. Raises Invalid for a day that
    is neither in the duty's year nor in the next: a typing error would make every agency overdue at once."""
    if not new.year <= new.date.year <= new.year + 1:
        raise Invalid([Flaw("date", "not-fitting", f"harus jatuh pada tahun {new.year} atau {new.year + 1}")])
    present = in_force(deadlines, new.year)
    if present is not None and (present.date, present.hour) == (new.date, new.hour):
        corrected = present.model_copy(update={"basis": new.basis})
        return tuple(corrected if each is present else each for each in deadlines)
    deadline = StoredDeadline(
        year=new.year,
        revision=_next_revision(deadlines, new.year),
        date=new.date,
        hour=new.hour,
        set_at=at,
        basis=new.basis,
        by=by,
    )
    return (*deadlines, deadline)


def with_cancellation(deadlines: Deadlines, year: int, basis: str, by: str, at: datetime) -> Deadlines:
    """The deadlines after the year's was cancelled. Raises Conflict when none is in force."""
    present = in_force(deadlines, year)
    if present is None:
        raise Conflict(f"Tahun {year} tidak mempunyai batas waktu yang berlaku.")
    update = {"revision": present.revision + 1, "cancelled": True, "set_at": at, "basis": basis, "by": by}
    return (*deadlines, present.model_copy(update=update))


def _next_revision(deadlines: Deadlines, year: int) -> int:
    newest = deadline_in_force(deadlines, year)
    return 1 if newest is None else newest.revision + 1
