"""An import of contacts as a document: the validated table, and how far it has been applied. Pure state transitions."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from services.notifications.contacts.table.row import Row
from services.notifications.state import DocumentState, replaced


class ImportStatus(StrEnum):
    """APPLYING: rows are still to be applied, possibly since a crash; DONE: no personal data is left in it."""

    APPLYING = "applying"
    DONE = "done"


class ContactImport(DocumentState):
    """body: SHA-256 of region and file; rows: empty once it is done; next: the index of the first row that is not
    applied; people: the contact's id for each row; created, updated: how many contacts; landlines: how many numbers
    among the mobile ones were landlines; by: the id of the account that sent the table."""

    region: str
    body: str
    status: ImportStatus = ImportStatus.APPLYING
    rows: tuple[Row, ...]
    next: int = 0
    people: tuple[str, ...]
    created: int
    updated: int
    landlines: int = 0
    by: str = ""

    def advanced(self, start: int, count: int) -> Self | None:
        """The import after `count` rows from `start`; done when there were none left. None when another process has
        applied them."""
        if self.next != start or self.status is not ImportStatus.APPLYING:
            return None
        if count:
            return replaced(self, next=start + count)
        return replaced(self, status=ImportStatus.DONE, rows=())
