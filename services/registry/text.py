"""Texts that can be kept: bounded, trimmed, without control characters; and dates as agencies read them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

_LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
_PROSE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_LINE)]
"""One line that names something."""

Unit = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=_LINE)]
"""What a value counts: `orang`, `%`, `hari`."""

Reference = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=_LINE)]
"""The number of a letter, circular or decree."""

Subject = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=_LINE)]
"""What a letter is about ("tentang")."""

Remark = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000, pattern=_PROSE)]
"""A comment or a reason: some sentences."""

Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000, pattern=_PROSE)]
"""A text of the proposal, at most 20 000 characters."""

Year = Annotated[int, Field(ge=2000, le=2100)]
"""A calendar year."""

Day = Annotated[date, Field(ge=date(1945, 8, 17), le=date(2100, 12, 31))]
"""A day in the life of the Republic."""

RegionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}(\.[0-9]{2})?$")]
"""Kemendagri's code of a province (61) or of a regency or city (61.12)."""

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-zA-Z-]{1,64}$")]
"""An opaque id of ours."""

_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip


def day_in_words(day: date) -> str:
    """`3 Desember 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def words(text: str) -> int:
    """How many words a text has: runs between blanks that hold a letter or a digit (a lone dash is no word)."""
    return sum(any(sign.isalnum() for sign in run) for run in text.split())
