"""The mentor of an agency: a person's name, for the region only, in no event."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from shared.contracts.fields import Name


class MentorEntry(BaseModel):
    """The body of a change. name: None: the agency has no mentor any more, and the former one's name is gone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name | None = None


class Mentor(BaseModel):
    """As it is stored, under the agency's id. since, by: of the last change."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: str
    name: str | None
    since: datetime
    by: str


def name_mentor(before: Mentor | None, region: str, entry: MentorEntry, by: str, at: datetime) -> Mentor | None:
    """The mentor after a change; None when nothing differs."""
    if (before.name if before else None) == entry.name and before is not None:
        return None
    return Mentor(region=region, name=entry.name, since=at, by=by)
