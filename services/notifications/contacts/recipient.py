"""The part of a contact that the sweep scans."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict

from shared.ports.store import ScanRow

RECIPIENT_FIELDS = ("agencies", "reachable", "name", "email")


class Recipient(BaseModel):
    """A person who may be reminded, with the agencies and the e-mail address."""

    model_config = ConfigDict(frozen=True)

    person: str
    agencies: tuple[str, ...]
    reachable: bool
    name: str
    email: str

    @classmethod
    def of(cls, row: ScanRow) -> Self:
        """From a scanned row of `contact` documents with RECIPIENT_FIELDS."""
        return cls(person=row.id, **{name: row[name] for name in RECIPIENT_FIELDS})
