"""The answers about imports."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.registry.files.redaction import Redaction
from services.registry.imports.document import ImportStatus, TableImport
from shared.storage.repository import Versioned
from shared.tables.report import Finding


class ImportAnswer(BaseModel):
    """An import. status: `reading` and `applying` go on by themselves; `refused`: nothing was changed; `checked`: a dry
    run without errors; rows: of the table; steps, place: changes to make, and made so far; created, updated, unchanged:
    rows; errors, notes: of the report; skipped: rows that could not be applied any more because somebody changed the
    same thing meanwhile."""

    model_config = ConfigDict(frozen=True)

    id: str
    region: str
    sheet: str
    name: str
    size: int
    digest: str
    dry_run: bool
    status: ImportStatus
    rows: int
    steps: int
    place: int
    created: int
    updated: int
    unchanged: int
    errors: int
    notes: int
    skipped: int
    at: datetime
    finished_at: datetime | None
    by: str
    redactions: tuple[Redaction, ...]

    @classmethod
    def of(cls, found: Versioned[TableImport]) -> Self:
        """The view for its region's curators."""
        own = set(cls.model_fields) - {"redactions"}
        return cls(id=found.id, redactions=found.value.redactions, **found.value.model_dump(include=own))


class Imports(BaseModel):
    """A page of imports, the newest first."""

    items: list[ImportAnswer]
    next: str | None


class ImportFindings(BaseModel):
    """A page of a report, by row."""

    items: list[Finding]
    next: str | None
