"""The evidence form: an innovation's indicator rows, and which files may be uploaded for each of them.

The data are in `form.json`. `make docs` generates that file from the catalogue that it names, so that the
registry accepts what scoring judges; see docs/adr/0013.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

MB = 1024 * 1024  # bytes
PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
MP4 = "video/mp4"
MEDIA_TYPES: dict[str, str] = {"pdf": PDF, "jpeg": JPEG, "jpg": JPEG, "png": PNG, "mp4": MP4}
"""File kind of the catalogue → media type."""


@dataclass(frozen=True)
class UploadLimits:
    """The files that may be uploaded in one place. sizes: media type → largest size in bytes; other types are
    refused."""

    sizes: Mapping[str, int]

    @property
    def accept(self) -> frozenset[str]:
        """The accepted media types."""
        return frozenset(self.sizes)

    @property
    def largest(self) -> int:
        """The largest size of any type, in bytes."""
        return max(self.sizes.values())


@dataclass(frozen=True)
class Window:
    """Days, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class EvidenceForm:
    """catalogue: the `year.revision` that the form is from; rows: by number, in the form's order; bases: the letters of
    the bases that a measured value may have; profile: the limits of the profile's own documents; mandatory: number →
    name of the rows that the national round wants filled in; windows: year of a round → when an innovation that it
    takes was applied or developed, where a source states it."""

    catalogue: str
    rows: Mapping[str, UploadLimits]
    bases: tuple[str, ...]
    profile: UploadLimits
    mandatory: Mapping[str, str]
    windows: Mapping[int, Window] = field(default_factory=dict)


def decode(text: str) -> EvidenceForm:
    """Decode the form's JSON: ``{"catalogue", "rows": {row: {kind: MB}}, "bases": [letter], "profile": {kind: MB},
    "mandatory": {row: name}, "windows": {year: {"from", "to"}}}``. Raises KeyError for a file kind that is
    unknown here."""
    data = json.loads(text)
    rows = {row: _limits(sizes) for row, sizes in data["rows"].items()}
    profile, mandatory = _limits(data["profile"]), data.get("mandatory", {})
    windows = {
        int(year): Window(date.fromisoformat(days["from"]), date.fromisoformat(days["to"]))
        for year, days in data.get("windows", {}).items()
    }
    return EvidenceForm(data["catalogue"], rows, tuple(data["bases"]), profile, mandatory, windows)


def _limits(sizes: Mapping[str, int]) -> UploadLimits:
    return UploadLimits({MEDIA_TYPES[kind]: megabytes * MB for kind, megabytes in sizes.items()})


FORM = decode(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
"""The form that comes with the system."""
