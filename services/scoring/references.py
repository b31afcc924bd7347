"""What scoring's documents name of the registry's: the innovations of scorecards and official results, the agencies and
innovations of awards, and the copies."""

from __future__ import annotations

from collections.abc import Iterable

from services.scoring.kinds import AWARD, KNOWN_AGENCY, KNOWN_REGION, OFFICIAL, SCORECARD
from services.scoring.scorecard.draft_marker import DRAFT
from shared.ports.store import ScanRow
from shared.runtime.service import Reference


def _scored(row: ScanRow) -> Iterable[str]:
    return [] if row["stand"] == DRAFT else [row.id]


REFERENCES = (
    Reference(KNOWN_REGION.name, "region", lambda row: [row.id]),
    Reference(KNOWN_AGENCY.name, "agency", lambda row: [row.id]),
    Reference(SCORECARD.name, "innovation", _scored, ("stand",)),
    Reference(OFFICIAL.name, "innovation", lambda row: list(row["innovations"] or ()), ("innovations",)),
    Reference(AWARD.name, "agency", lambda row: filter(None, [row["agency"]]), ("agency",)),
    Reference(AWARD.name, "innovation", lambda row: filter(None, [row["innovation"]]), ("innovation",)),
)
