"""A scored innovation as a what-if question reads it: a slim projection of its scorecard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.scoring.index.rounds import COUNTED, Figure, Round
from services.scoring.what_if.region import CountedInnovation, RowLevel
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import ScanRow

SCORED_FIELDS = (
    "status",
    "agency",
    "innovation.name",
    "innovation.main_affair",
    "innovation.applied_on",
    "innovation.developed_on",
    "scorecard.catalogue",
    "scorecard.rows",
)


@dataclass(frozen=True)
class ScoredInnovation:
    """A scored innovation of the region. counts: whether it belongs to the round's figure."""

    counted: CountedInnovation
    agency: str
    catalogue: str
    counts: bool


def scored_innovation(row: ScanRow, figure: Figure, round: Round) -> ScoredInnovation:
    """The innovation of a scanned scorecard. row: has SCORED_FIELDS; figure: whose levels are read."""
    level = "level" if figure is Figure.CLAIMED else "verified_level"
    rows = tuple(
        RowLevel(each["row"], each["name"], Decimal(str(each["weight"])), each[level]) for each in row["scorecard.rows"]
    )
    return ScoredInnovation(
        counted=CountedInnovation(row.id, row["innovation.name"], row["innovation.main_affair"], rows),
        agency=row["agency"],
        catalogue=row["scorecard.catalogue"],
        counts=InnovationStatus(row["status"]) in COUNTED[figure]
        and round.takes(_day(row["innovation.applied_on"]), _day(row["innovation.developed_on"])),
    )


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)
