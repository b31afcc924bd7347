"""Types of the texts and numbers in requests: trimmed, bounded, without control characters."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
"""One line: no control character and no Unicode line separator."""

PROSE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
"""Several lines: line breaks and tabs, no other control character."""

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=LINE)]
"""A name, on one line."""

Year = Annotated[int, Field(ge=2000, le=2100)]
"""A calendar year."""

RegionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}(\.[0-9]{2})?$")]
"""Kemendagri's code of a province (61) or of a regency or city (61.12)."""

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-zA-Z-]{1,64}$")]
"""An opaque id of this system."""
