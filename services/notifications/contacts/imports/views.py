"""The answers about imports of tables of contacts."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.notifications.contacts.imports.document import ContactTable, TableStatus
from shared.storage.repository import Versioned
from shared.tables.report import Finding


class ContactTableAnswer(BaseModel):
    """An import. status: `reading`, `waiting` (for agencies, which `waiting` lines name) and `applying` go on by
    themselves; rows: persons; place: how many of them are stored; errors, notes: of the report; skipped: as
    imports of the registry have it, here always 0."""

    model_config = ConfigDict(frozen=True)

    id: str
    region: str
    dry_run: bool
    status: TableStatus
    rows: int
    place: int
    created: int
    updated: int
    unchanged: int
    errors: int
    notes: int
    waiting: int
    skipped: int = 0
    at: datetime
    finished_at: datetime | None
    by: str

    @classmethod
    def of(cls, found: Versioned[ContactTable]) -> Self:
        """The view for its region's curators."""
        return cls(id=found.id, **found.value.model_dump(include=set(cls.model_fields)))


class ContactTableFindings(BaseModel):
    """A page of a report, by row."""

    items: list[Finding]
    next: str | None
