"""An innovation's evidence as the registry answers it: rows with their claims, and files."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from services.portal.answered.answered import Answered
from services.portal.pages.formats import number

IMAGES = frozenset({"image/jpeg", "image/png"})

_KILOBYTE, _MEGABYTE = 1024, 1024 * 1024  # bytes


class File(Answered):
    """An uploaded file. digest: SHA-256 in hex; size: bytes; number, dated, subject: of its letter."""

    digest: str
    size: int
    media_type: str
    name: str
    added_at: datetime
    number: str | None = None
    dated: date | None = None
    subject: str | None = None

    @property
    def size_in_words(self) -> str:
        """`38 kB`, `1,2 MB`."""
        if self.size < _MEGABYTE:
            return f"{-(-self.size // _KILOBYTE)} kB"
        return f"{number(Decimal(self.size) / _MEGABYTE, 1)} MB"

    @property
    def shown_as(self) -> str:
        """How a browser can show it in the page: `image`, `video`, `document`."""
        if self.media_type in IMAGES:
            return "image"
        return "video" if self.media_type.startswith("video/") else "document"


class Evidence(Answered):
    """The claim and the proofs of one indicator. verified_level: the curator's, None: not checked, or edited since."""

    level: int | None = None
    value: Decimal | None = None
    unit: str | None = None
    basis: str | None = None
    number: str | None = None
    dated: date | None = None
    subject: str | None = None
    links: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    verified_level: int | None = None

    @property
    def claimed(self) -> bool:
        """Whether it has a level or a value."""
        return self.level is not None or self.value is not None

    @property
    def proofs(self) -> int:
        """Files and links."""
        return len(self.files) + len(self.links)

    def file(self, digest: str) -> File | None:
        """The file with that digest; None when the row has none."""
        return next((each for each in self.files if each.digest == digest), None)
