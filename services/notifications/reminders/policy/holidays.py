"""Public holidays as dated files: one for each year, `holidays/<year>.json` with year, source, status and days.

A year without a file defers nothing for holidays, and `satu doctor` says so. A file that cannot be read fails closed:
`days_of` raises, and whoever asks must wait.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

_FOLDER = Path(__file__).parent.parent / "holidays"


class Holiday(BaseModel):
    """One day. name: in Bahasa Indonesia; joint_leave: a day of joint leave (cuti bersama)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: date
    name: str = Field(min_length=1)
    joint_leave: bool = False


class HolidayYear(BaseModel):
    """source: the decree, and where it was read; status: `transcribed` until somebody who holds the decree sets
    `verified`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    year: int
    source: str = Field(min_length=1)
    status: Literal["transcribed", "verified"]
    days: tuple[Holiday, ...]


class BrokenHolidays(ValueError):
    """A file of holidays cannot be read: nobody knows whether a day of that year is quiet."""


@cache
def holiday_year(year: int, folder: Path = _FOLDER) -> HolidayYear | None:
    """The file of that year; None when there is none. Raises BrokenHolidays."""
    path = folder / f"{year}.json"
    try:
        found = HolidayYear.model_validate(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, ValidationError) as error:
        raise BrokenHolidays(f"{path.name} cannot be read") from error
    if found.year != year or any(each.day.year != year for each in found.days):
        raise BrokenHolidays(f"{path.name} has days of another year")
    return found


@cache
def days_of(year: int, folder: Path = _FOLDER) -> frozenset[date]:
    """The holidays of a year; empty when its file is missing. Raises BrokenHolidays."""
    found = holiday_year(year, folder)
    return frozenset(each.day for each in found.days) if found else frozenset()
