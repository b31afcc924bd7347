"""The mentor of an agency: a person's name, for the region only, in no event."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from shared.contracts.fields import Name


class MentorEntry(BaseModel):
    """The body of a change."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name


class Mentor(BaseModel):
    """As it is stored, under the agency's id. by: the account that named the mentor."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: str
    name: str
    since: datetime
    by: str
