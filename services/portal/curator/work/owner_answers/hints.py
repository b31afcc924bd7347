"""What the registry notices about a submission: the pre-check of its files, and others that are alike."""

from __future__ import annotations

from services.portal.answered.answered import Answered


class Words(Answered):
    """Words of the document, and their page."""

    text: str
    page: int


class Finding(Answered):
    """One item of the pre-check. message: in Bahasa Indonesia."""

    item: str
    outcome: str
    found: Words | None = None
    stated: Words | None = None
    message: str


class Precheck(Answered):
    """The pre-check of one document. doubtful: the items that a person should look at."""

    state: str
    pages: int = 0
    findings: tuple[Finding, ...] = ()
    doubtful: tuple[str, ...] = ()
    note: str = ""


class FilePrecheck(Answered):
    """The pre-check of one file of a row."""

    row: str
    digest: str
    name: str
    precheck: Precheck


class Side(Answered):
    """One of two innovations that are alike."""

    id: str
    agency: str
    year: int
    status: str
    name: str


class Comparison(Answered):
    """How alike they are. level: `same`, `close`, `related`."""

    level: str | None = None
    explanation: str


class Alike(Answered):
    """Another innovation, and how alike it is."""

    other: Side
    likeness: Comparison


class Likenesses(Answered):
    """The innovations of the region that look like one."""

    items: tuple[Alike, ...] = ()
