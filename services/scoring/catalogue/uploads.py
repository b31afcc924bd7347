"""The largest sizes of uploaded files, as data of a catalogue. They do not score; the registry enforces them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import Field

from services.scoring.catalogue.model import Model

FileKind = Annotated[str, Field(pattern=r"^[a-z0-9]{2,5}$")]
Megabytes = Annotated[int, Field(strict=True, ge=1, le=100)]
"""At most what the services take in one request (`shared.web.app.MOST_UPLOAD`)."""
Sizes = Annotated[dict[FileKind, Megabytes], Field(min_length=1)]


class Uploads(Model):
    """By file kind, in MB. evidence: of the innovation's rows; profile: of the profile form's documents."""

    evidence: Sizes
    profile: Sizes

    def flaws(self, rows: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[str, str, str]]:
        """The file kinds of `rows` (number, kinds) that have no size: (row's number, place, sentence)."""
        for number, kinds in rows:
            for kind in kinds:
                if kind not in self.evidence:
                    yield number, "kinds", f"uploads.evidence gives no size for {kind}"
