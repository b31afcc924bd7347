"""Field types: texts that are bounded, trimmed and without control characters; plausible days."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts.fields import LINE, PROSE

Unit = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=LINE)]
"""The unit of a measured value: `orang`, `%`, `hari`."""

Reference = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=LINE)]
"""The number of a letter, circular or decree."""

Subject = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=LINE)]
"""The subject of a letter ("tentang")."""

Remark = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000, pattern=PROSE)]
"""A comment or a reason, at most 2 000 characters."""

Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000, pattern=PROSE)]
"""A text of the proposal, at most 20 000 characters."""

Day = Annotated[date, Field(ge=date(1945, 8, 17), le=date(2100, 12, 31))]
"""A day from 17 August 1945 to the end of 2100."""


_NUMERALS = "²³¹¼-¾\u2070-\u2089\u2150-\u2182\u2185-\u2189\u2460-\u249b\u24ea-\u24ff\u2776-\u2793"  # in \w, not in \d
_NO_LETTER = rf"\W\d_{_NUMERALS}"
_WORD = rf"[^{_NO_LETTER}]\S*+"  # from the first letter of a run to its end: one match for each such run
_WORDS = re.compile(_WORD)


def words(text: str) -> int:
    """The number of words: runs between blanks that contain a letter. A lone dash or number is none."""
    return len(_WORDS.findall(text))


def has_words(text: str, least: int) -> bool:
    """Whether it has at least that many `words`. Reads no further than it must."""
    return _as_many(least).match(text) is not None


@cache
def _as_many(words: int) -> re.Pattern[str]:
    return re.compile(rf"(?:[{_NO_LETTER}]*+{_WORD}){{{words}}}")
