"""What both peers store and say: an innovation with its evidence, and its event. Pydantic, as people write it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

EXCHANGE = "innovation.events"
SUBMITTED, SCORED = "innovation.submitted", "innovation.scored"
_LEAST_WORDS = 300


class Row(BaseModel):
    """Evidence for one indicator row."""

    level: int | None = Field(default=None, ge=1, le=3)
    value: float | None = None
    links: list[str] = []


class Profile(BaseModel):
    """The form; every field is needed for a submission."""

    name: str = Field(min_length=3)
    stage: str
    initiator: str
    classification: str
    nature: Literal["digital", "non_digital", "teknologi"]
    form: str
    main_affair: str
    applied_on: date
    design: str
    purpose: str
    benefit: str
    outcome: str


class Innovation(BaseModel):
    """As it is stored."""

    model_config = ConfigDict(extra="ignore")

    id: str = Field(alias="_id")
    version: int
    region: str
    agency: str
    year: int
    status: str
    profile: Profile
    evidence: dict[str, Row]

    def flaws(self) -> list[str]:
        """What blocks a submission."""
        found = [f"evidence.{row}" for row, each in self.evidence.items() if each.level is None and each.value is None]
        if len(self.profile.design.split()) < _LEAST_WORDS:
            found.append("profile.design")
        return found


class Said(BaseModel):
    """The event: the innovation's public state."""

    id: str
    sequence: int
    region: str
    agency: str
    year: int
    name: str
    nature: str
    submitted_at: datetime
    evidence: dict[str, Row]


def said(innovation: Innovation, sequence: int) -> Said:
    """The event of a submission now."""
    profile = innovation.profile
    return Said(
        id=innovation.id,
        sequence=sequence,
        region=innovation.region,
        agency=innovation.agency,
        year=innovation.year,
        name=profile.name,
        nature=profile.nature,
        submitted_at=datetime.now(UTC),
        evidence=innovation.evidence,
    )


def scored(event: Said, card: dict[str, Any]) -> dict[str, Any]:
    """The event of a scorecard: figures without the words, as ours (ADR 0037)."""
    rows = [{name: row[name] for name in ("row", "level", "points")} for row in card["rows"]]
    owner = {"id": event.id, "agency": event.agency, "year": event.year, "sequence": event.sequence}
    return {**owner, "rows": rows, "score": card["score"]}
