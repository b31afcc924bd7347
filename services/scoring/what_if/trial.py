"""The body of a trial: what was entered for an innovation that is not submitted yet."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.scoring.what_if.question import RowNumber
from shared.contracts.contract import Exact
from shared.contracts.fields import RegionCode
from shared.contracts.innovation import RowEvidence
from shared.contracts.vocabulary import Nature, Stage
from shared.storage.models import assembled

MOST_ROWS = 100

Short = Annotated[str, StringConstraints(max_length=40)]


class TrialRow(BaseModel):
    """One row as it was entered. proofs: how many files and links it has; verified_level: the curator's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: RowNumber
    level: Annotated[int, Field(strict=True, ge=1, le=3)] | None = None
    value: Annotated[Exact, Field(ge=-1_000_000_000_000, le=1_000_000_000_000)] | None = None
    unit: Short | None = None
    basis: Annotated[str, StringConstraints(pattern=r"^[a-z]$")] | None = None
    proofs: Annotated[int, Field(ge=0, le=1_000)] = 0
    verified_level: Annotated[int, Field(strict=True, ge=0, le=3)] | None = None

    @property
    def evidence(self) -> RowEvidence:
        """As an event would say it."""
        return assembled(RowEvidence, **vars(self), dated=None, dates=())


class Trial(BaseModel):
    """region: whose catalogue is used; nature and stage: of the profile, by default those that say most."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: Annotated[RegionCode, Field(examples=["61.12"])]
    nature: Nature = Nature.DIGITAL
    stage: Stage = Stage.PENERAPAN
    applied_on: date | None = None
    developed_on: date | None = None
    rows: Annotated[tuple[TrialRow, ...], Field(max_length=MOST_ROWS)] = ()
