"""`innovation.scored`: the scorecard of one innovation."""

from __future__ import annotations

from pydantic import Field

from shared.contracts.contract import Contract, Exact, Payload
from shared.contracts.vocabulary import InnovationStatus


class ScoredRow(Payload):
    """level, verified_level and provable_level: 0…3; points = weight × level; why: the explanation in words (Bahasa
    Indonesia); next: what the next level needs, and next_brings: the points that it adds (None at the top)."""

    row: str
    name: str
    weight: Exact
    level: int = Field(ge=0, le=3)
    points: Exact
    verified_level: int = Field(ge=0, le=3)
    verified_points: Exact
    provable_level: int | None = Field(default=None, ge=0, le=3)
    mandatory: bool
    why: str
    next: str | None = None
    next_brings: Exact | None = None


class RowFault(Payload):
    """A row whose claim contradicts its value or the catalogue. code: a stable slug."""

    row: str
    code: str
    message: str


class InnovationScored(Payload):
    """claimed, verified and provable: maturity in points, 0…`most` (111 in 2026), by what was claimed, what the curator
    has verified, and the most that the evidence supports; catalogue: `year.revision`, digest: SHA-256 of what scores;
    innovation_sequence: the version of the innovation that was scored; eligible: whether the national round of the
    catalogue's year takes it by its age (None: unknown), eligible_why: the reason. An innovation that is a draft
    again (after a restore of the registry) has the status `draft`, no rows and no points."""

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
    eligible_why: str | None = None
    rows: tuple[ScoredRow, ...]
    missing_mandatory: tuple[str, ...]
    faults: tuple[RowFault, ...] = ()
    hints: tuple[str, ...] = ()


INNOVATION_SCORED = Contract(
    type="innovation.scored",
    subject="scorecard",
    source="scoring",
    payload=InnovationScored,
    means="The scorecard of one innovation: rows, claimed and verified maturity, catalogue and digest.",
)
