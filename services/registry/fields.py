"""Texts that can be kept: bounded, trimmed, without control characters; and dates as agencies read them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts.fields import LINE, PROSE

Unit = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=LINE)]
"""What a value counts: `orang`, `%`, `hari`."""

Reference = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=LINE)]
"""The number of a letter, circular or decree."""

Subject = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=LINE)]
"""What a letter is about ("tentang")."""

Remark = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000, pattern=PROSE)]
"""A comment or a reason: some sentences."""

Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000, pattern=PROSE)]
"""A text of the proposal, at most 20 000 characters."""

Day = Annotated[date, Field(ge=date(1945, 8, 17), le=date(2100, 12, 31))]
"""A day in the life of the Republic."""


def words(text: str) -> int:
    """How many words a text has: runs between blanks that hold a letter or a digit (a lone dash is no word)."""
    return sum(any(sign.isalnum() for sign in run) for run in text.split())
