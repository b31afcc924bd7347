"""A checked row, as it is kept until it is applied."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict


class Outcome(StrEnum):
    """What a row does."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Step(BaseModel):
    """One change of one document. row: the line in the file; stage: steps of a later stage begin when those before have
    ended; id: of the document; what: which kind of step, for the sheet that made it; values: what it needs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: int
    stage: int = 0
    id: str
    what: str = ""
    values: dict[str, Any]
