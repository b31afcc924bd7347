"""An import of a table of contacts: what was sent, as long as it is needed, and what came of it. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Self

from services.notifications.contacts.contact_import import ContactImport
from shared.storage.models import replaced
from shared.storage.stored import Stored


class TableStatus(StrEnum):
    """READING: to be read; WAITING: names agencies that are not known yet; REFUSED: it has errors, nothing was changed;
    CHECKED: a dry run without errors; APPLYING: its contacts are being stored; DONE."""

    READING = "reading"
    WAITING = "waiting"
    REFUSED = "refused"
    CHECKED = "checked"
    APPLYING = "applying"
    DONE = "done"


OPEN = (TableStatus.READING, TableStatus.WAITING, TableStatus.APPLYING)


class ContactTable(Stored):
    """As it is stored. body: the file in base64, empty once it is not needed any more; until: machine milliseconds up
    to which it waits for agencies; rows: persons; place: how many of them are stored; errors, notes: findings; waiting:
    how many lines name an agency that is not known yet; at: business time; by: the account."""

    region: str
    body: str
    dry_run: bool
    status: TableStatus = TableStatus.READING
    until: int
    rows: int = 0
    place: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: int = 0
    notes: int = 0
    waiting: int = 0
    at: datetime
    finished_at: datetime | None = None
    by: str

    @property
    def is_unread(self) -> bool:
        """Whether it is still to be read."""
        return self.status in (TableStatus.READING, TableStatus.WAITING)

    def waits(self, lines: int) -> Self | None:
        """It waits for agencies that so many lines name. None: another process was faster, here and below."""
        return replaced(self, status=TableStatus.WAITING, waiting=lines) if self.is_unread else None

    def refused(self, rows: int, errors: int, notes: int, at: datetime) -> Self | None:
        """It has errors."""
        if not self.is_unread:
            return None
        return replaced(
            self,
            status=TableStatus.REFUSED,
            body="",
            rows=rows,
            errors=errors,
            notes=notes,
            waiting=0,
            finished_at=at,
        )

    def read(self, found: ContactImport, unchanged: int, notes: int, at: datetime) -> Self | None:
        """It is without errors; a dry run ends here."""
        if not self.is_unread:
            return None
        status = TableStatus.CHECKED if self.dry_run else TableStatus.APPLYING
        return replaced(
            self,
            status=status,
            body="",
            rows=found.created + found.updated,
            created=found.created,
            updated=found.updated - unchanged,
            unchanged=unchanged,
            notes=notes,
            waiting=0,
            finished_at=at if self.dry_run else None,
        )

    def done(self, at: datetime) -> Self | None:
        """All contacts are stored."""
        if self.status is not TableStatus.APPLYING:
            return None
        return replaced(self, status=TableStatus.DONE, place=self.rows, finished_at=at)
