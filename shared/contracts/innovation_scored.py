"""`innovation.scored`: the scorecard of one innovation."""

from __future__ import annotations

from pydantic import Field

from shared.contracts.contract import Contract, Exact, Payload
from shared.contracts.words import InnovationStatus


class ScoredRow(Payload):
    """level and verified_level: 0…3; points = weight × level; why: the explanation in words (Bahasa Indonesia)."""

    row: str
    name: str
    weight: Exact
    level: int = Field(ge=0, le=3)
    points: Exact
    verified_level: int = Field(ge=0, le=3)
    verified_points: Exact
    mandatory: bool
    why: str


class RowFault(Payload):
    """A row whose claim contradicts its value or the catalogue. code: a stable slug."""

    row: str
    code: str
    message: str


class InnovationScored(Payload):
    """claimed and verified: maturity in points, 0…`most` (111 in 2026); catalogue: `year.revision`, digest: SHA-256 of
    what scores; innovation_sequence: the version of the innovation that was scored."""

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
    most: Exact
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
