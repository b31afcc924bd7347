"""What had been submitted in time when a deadline passed: the document behind `deadline.passed`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.registry.regions.region import Region
from shared.contracts.contract import Origin, draft
from shared.contracts.deadline import DEADLINE_PASSED, DeadlinePassed
from shared.contracts.event import Draft
from shared.contracts.fields import LocalHour
from shared.contracts.region import Deadline

Submitted = dict[str, tuple[str, ...]]
"""Agency → the ids, sorted, of the innovations that were first submitted in time."""


class PassedDeadline(BaseModel):
    """As it is stored, under `<region>/<year>`: the latest answer for the revision that has passed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: str
    year: int
    revision: int
    date: date
    hour: LocalHour | None = None
    submitted: Submitted

    @classmethod
    def of(cls, region: Region, deadline: Deadline, submitted: Mapping[str, tuple[str, ...]]) -> Self:
        """The answer for a deadline of the region."""
        return cls(
            region=region.code,
            year=deadline.year,
            revision=deadline.revision,
            date=deadline.date,
            hour=deadline.hour,
            submitted=dict(sorted(submitted.items())),
        )


def passed_id(region: str, year: int) -> str:
    """The document's id."""
    return f"{region}/{year}"


def keep(before: PassedDeadline | None, found: PassedDeadline, origin: Origin) -> tuple[PassedDeadline, Draft] | None:
    """Store another answer, with its event. None when it is the stored one, or when a later revision was judged."""
    if before is not None and (before.revision > found.revision or before == found):
        return None
    return found, draft(DEADLINE_PASSED, DeadlinePassed(**found.model_dump()), found.region, origin)
