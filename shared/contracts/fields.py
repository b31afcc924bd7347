"""Types of the texts and numbers in requests: trimmed, bounded, without control characters."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated

from pydantic import AfterValidator, Field, PlainSerializer, StringConstraints, WithJsonSchema

LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
"""One line: no control character and no Unicode line separator."""

PROSE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
"""Several lines: line breaks and tabs, no other control character."""

_INVISIBLE = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Signs that show nothing or turn the direction of the text (Unicode's Default_Ignorable_Code_Point, the format
controls and the blank Braille pattern): with them, two names look the same, or one is read as another."""

_VISIBLE = re.compile(f"[^{_INVISIBLE}]*")

StoredName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=LINE)]
"""A name, on one line, in a document that may have been stored before invisible signs were refused."""

UNSEEN = "tidak boleh memuat tanda yang tidak tampak atau mengubah arah tulisan"
"""What is wrong with a name that is not visible."""


def is_visible(name: str) -> bool:
    """Whether the name has no invisible or bidirectional control sign."""
    return _VISIBLE.fullmatch(name) is not None


def _visible(name: str) -> str:
    if not is_visible(name):
        raise ValueError(UNSEEN)
    return name


Name = Annotated[StoredName, AfterValidator(_visible)]
"""A name that is entered: on one line, of visible signs."""

_HOUR = "%H:%M"


def _whole_minute(hour: time) -> time:
    if hour.tzinfo is not None or hour.second or hour.microsecond:
        raise ValueError("harus jam setempat seperti 14:00, tanpa detik dan tanpa zona")
    return hour


LocalHour = Annotated[
    time,
    AfterValidator(_whole_minute),
    PlainSerializer(lambda hour: hour.strftime(_HOUR), return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9]$", "examples": ["14:00"]}),
]
"""A whole minute of a local day, `14:00`. (JSON Schema's format `time` would require a zone.)"""

Year = Annotated[int, Field(ge=2000, le=2100)]
"""A calendar year."""

RegionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}(\.[0-9]{2})?$")]
"""Kemendagri's code of a province (61) or of a regency or city (61.12)."""

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-zA-Z-]{1,64}$")]
"""An opaque id of this system."""
