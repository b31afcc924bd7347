"""An import of awards as a document: the checked rows, and how many are applied. Pure state transitions."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.scoring.official.award import AwardTerms
from shared.storage.models import replaced
from shared.storage.stored import Stored


class AwardImportStatus(StrEnum):
    """APPLYING: rows are still to be applied, possibly since a crash; DONE."""

    APPLYING = "applying"
    DONE = "done"


class PlannedAward(BaseModel):
    """A checked row that creates or changes an award. id: of the award."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    terms: AwardTerms


class AwardImport(Stored):
    """As it is stored. rows: empty once it is done; created, updated, unchanged: rows of the table; by: the account."""

    region: str
    status: AwardImportStatus = AwardImportStatus.APPLYING
    rows: tuple[PlannedAward, ...]
    created: int
    updated: int
    unchanged: int
    by: str

    def done(self) -> Self | None:
        """All rows are applied; None when another process was faster."""
        if self.status is AwardImportStatus.DONE:
            return None
        return replaced(self, status=AwardImportStatus.DONE, rows=())
