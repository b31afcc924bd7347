"""The part of an obligation that reminders need."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from services.notifications.obligations.document import ObligationDocument
from services.notifications.obligations.obligation import ObligationPhase

SUMMARY_FIELDS = ("region", "agency", "year", "stands", "deadline", "public.deadline_revision")


class ObligationSummary(BaseModel):
    """An obligation whose facts are known."""

    model_config = ConfigDict(frozen=True)

    region: str
    agency: str
    year: int
    phase: ObligationPhase
    deadline: date
    deadline_revision: int


def summary_of_row(row: Mapping[str, Any]) -> ObligationSummary:
    """From a scanned row of `obligation` documents with SUMMARY_FIELDS."""
    return ObligationSummary(
        region=row["region"],
        agency=row["agency"],
        year=row["year"],
        phase=ObligationPhase(row["stands"]),
        deadline=date.fromisoformat(row["deadline"]),
        deadline_revision=row["public.deadline_revision"],
    )


def summary_of(obligation: ObligationDocument) -> ObligationSummary | None:
    """From a loaded obligation; None while a fact is missing."""
    public = obligation.public
    if public is None:
        return None
    return ObligationSummary(
        region=public.region,
        agency=public.agency,
        year=public.year,
        phase=obligation.phase,
        deadline=public.deadline,
        deadline_revision=public.deadline_revision,
    )
