"""An import as a document: where its files are, how far it is, and what came of it. Pure state transitions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Self

from services.registry.files.redaction import Redaction
from services.registry.imports.planned import Outcome
from shared.storage.models import replaced
from shared.storage.stored import Stored


class ImportStatus(StrEnum):
    """READING: the file is to be read; REFUSED: it has errors, nothing was changed; CHECKED: a dry run without errors;
    APPLYING: rows are still to be applied, possibly since a crash; DONE."""

    READING = "reading"
    REFUSED = "refused"
    CHECKED = "checked"
    APPLYING = "applying"
    DONE = "done"


OPEN = (ImportStatus.READING, ImportStatus.APPLYING)
"""Statuses of an import that goes on by itself."""


class TableImport(Stored):
    """As it is stored. sheet: the key of the only sheet that is read; digest, size, name: of the file as it was sent
    (compressed in the file store); agencies_from: of a dry run, the import whose agencies count as known; plan: the
    digest of the checked rows; steps: how many steps they make; place: how many of these are applied; rows, created,
    updated, unchanged: rows of the table; errors, notes: findings; at: business time; by: the account."""

    region: str
    sheet: str
    digest: str
    size: int
    name: str
    dry_run: bool
    agencies_from: str | None = None
    status: ImportStatus = ImportStatus.READING
    plan: str | None = None
    rows: int = 0
    steps: int = 0
    place: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: int = 0
    notes: int = 0
    skipped: int = 0
    at: datetime
    finished_at: datetime | None = None
    by: str
    redactions: tuple[Redaction, ...] = ()

    def refused(self, rows: int, errors: int, notes: int, at: datetime) -> Self | None:
        """The import after the reading has found errors. None when another process was faster, here and below."""
        if self.status is not ImportStatus.READING:
            return None
        return replaced(self, status=ImportStatus.REFUSED, rows=rows, errors=errors, notes=notes, finished_at=at)

    def checked(
        self, rows: int, outcomes: Mapping[Outcome, int], notes: int, *, steps: int, plan: str, at: datetime
    ) -> Self | None:
        """The import after the reading; a dry run ends here."""
        if self.status is not ImportStatus.READING:
            return None
        counted = replaced(
            self,
            rows=rows,
            steps=steps,
            created=outcomes.get(Outcome.CREATED, 0),
            updated=outcomes.get(Outcome.UPDATED, 0),
            unchanged=outcomes.get(Outcome.UNCHANGED, 0),
            notes=notes,
        )
        if self.dry_run:
            return replaced(counted, status=ImportStatus.CHECKED, finished_at=at)
        if steps == 0:
            return replaced(counted, status=ImportStatus.DONE, finished_at=at)
        return replaced(counted, status=ImportStatus.APPLYING, plan=plan)

    def advanced(self, place: int, count: int, skipped: int, at: datetime) -> Self | None:
        """The import after `count` steps from `place`; skipped: those that could not be applied any more."""
        if self.status is not ImportStatus.APPLYING or self.place != place:
            return None
        after = replaced(self, place=place + count, skipped=self.skipped + skipped)
        if after.place < self.steps:
            return after
        return replaced(after, status=ImportStatus.DONE, plan=None, finished_at=at)
