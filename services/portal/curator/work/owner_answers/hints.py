"""What the registry notices about a submission: the pre-check of its files, and others that are alike."""

from __future__ import annotations

from services.portal.curator.work.owner_answers.answer import Answer


class Words(Answer):
    """Words of the document, and their page."""

    text: str
    page: int


class Finding(Answer):
    """One item of the pre-check. message: in Bahasa Indonesia."""

    item: str
    outcome: str
    found: Words | None = None
    stated: Words | None = None
    message: str


class Precheck(Answer):
    """The pre-check of one document. doubtful: the items that a person should look at."""

    state: str
    pages: int = 0
    findings: tuple[Finding, ...] = ()
    doubtful: tuple[str, ...] = ()
    note: str = ""


class FilePrecheck(Answer):
    """The pre-check of one file of a row."""

    row: str
    digest: str
    name: str
    precheck: Precheck


class Side(Answer):
    """One of two innovations that are alike."""

    id: str
    agency: str
    year: int
    status: str
    name: str


class Comparison(Answer):
    """How alike they are. level: `same`, `close`, `related`."""

    level: str | None = None
    explanation: str


class Alike(Answer):
    """Another innovation, and how alike it is."""

    other: Side
    likeness: Comparison


class Likenesses(Answer):
    """The innovations of the region that look like one."""

    items: tuple[Alike, ...] = ()
