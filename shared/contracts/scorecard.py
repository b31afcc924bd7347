"""`innovation.scored`: the scorecard of one innovation, in figures and codes.

The words about it (names of the rows, explanations, next steps, hints) are no part of the event: they follow from the
innovation and its catalogue, and scoring's interface shows them.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from shared.contracts.contract import Contract, Exact, Payload
from shared.contracts.vocabulary import InnovationStatus


class ScoredRow(Payload):
    """level, verified_level and provable_level: 0…3 (provable_level None: not known); points = weight × level."""

    row: str
    level: int = Field(ge=0, le=3)
    points: Exact
    verified_level: int = Field(ge=0, le=3)
    verified_points: Exact
    provable_level: int | None = Field(default=None, ge=0, le=3)


class ScoredFault(Payload):
    """A row whose claim contradicts its value or the catalogue. code: a stable slug."""

    row: str
    code: str


class InnovationScored(Payload):
    """claimed, verified and provable: maturity in points, 0…`most` (111 in 2026), by what was claimed, what the curator
    has verified, and the most that the evidence supports; catalogue: `year.revision`, digest: SHA-256 of what scores;
    innovation_sequence: the version of the innovation that was scored; eligible: whether the national round of the
    catalogue's year takes it by its age (None: unknown); rows: every row of the catalogue, also the empty ones. An
    innovation that is a draft again (after a restore of the registry) has the status `draft`, no rows and no points."""

    innovation: str
    innovation_sequence: int
    region: str
    agency: str
    year: int
    status: InnovationStatus
    catalogue: str
    digest: str
    claimed: Exact
    verified: Exact
    provable: Exact | None = None
    most: Exact
    eligible: bool | None = None
    rows: tuple[ScoredRow, ...]
    missing_mandatory: tuple[str, ...]
    faults: tuple[ScoredFault, ...] = ()


def _from_1(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 also had the words."""
    return {
        **_fields(InnovationScored, data),
        "rows": [_fields(ScoredRow, row) for row in data["rows"]],
        "faults": [_fields(ScoredFault, fault) for fault in data.get("faults", ())],
    }


def _fields(payload: type[Payload], data: dict[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in payload.model_fields if name in data}


INNOVATION_SCORED = Contract(
    type="innovation.scored",
    subject="scorecard",
    source="scoring",
    payload=InnovationScored,
    means="The scorecard of one innovation: rows, claimed and verified maturity, catalogue and digest.",
    version=2,
    lifts={1: _from_1},
)
