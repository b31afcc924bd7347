"""TODO"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.scoring.index.rounds import COUNTED, Figure, Round
from services.scoring.what_if.region import Entrant, Rung
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Flaw
from shared.ports.store import OneOf, ScanRow

_FIELDS = (
    "status",
    "agency",
    "innovation.name",
    "innovation.main_affair",
    "innovation.applied_on",
    "innovation.developed_on",
    "scorecard.catalogue",
    "scorecard.rows",
)
_STATUSES = OneOf(sorted(COUNTED[Figure.CLAIMED]))


@dataclass(frozen=True)
class Known:
    """A scored innovation of the region. counts: whether it belongs to the round's figure."""

    entrant: Entrant
    agency: str
    catalogue: str
    counts: bool


def _known(row: ScanRow, figure: Figure, asked: Round) -> Known:
    level = "level" if figure is Figure.CLAIMED else "verified_level"
    rows = tuple(
        Rung(each["row"], each["name"], Decimal(str(each["weight"])), each[level]) for each in row["scorecard.rows"]
    )
    return Known(
        entrant=Entrant(row.id, row["innovation.name"], row["innovation.main_affair"], rows),
        agency=row["agency"],
        catalogue=row["scorecard.catalogue"],
        counts=InnovationStatus(row["status"]) in COUNTED[figure]
        and asked.takes(_day(row["innovation.applied_on"]), _day(row["innovation.developed_on"])),
    )


def _unknown(field: str) -> Flaw:
    return Flaw(field, "unknown", "tidak ada inovasi bernilai dengan id ini di daerah ini yang dapat dilihat")


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)
