"""The scorecard of one innovation: every row, claimed, verified and best-provable maturity, what is missing and what
contradicts, and whether the national round of the catalogue's year takes it.

maturity = Σ weight × level over the innovation's rows (Pedoman IGA 2026: 0…111). All numbers are exact decimals.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.scorecard import explain
from services.scoring.scorecard.eligibility import Eligibility, eligibility
from services.scoring.scorecard.rows import RowScore, judge
from shared.contracts.contract import Exact, Payload
from shared.contracts.innovation import RowEvidence
from shared.contracts.scorecard import RowFault
from shared.contracts.vocabulary import Nature, Stage


class Scorecard(Payload):
    """claimed, verified, provable, most: points; missing_mandatory: mandatory rows that are not filled in and proved;
    eligibility: by age, for the round of the catalogue's year."""

    catalogue: str
    digest: str
    claimed: Exact
    verified: Exact
    provable: Exact | None = None
    most: Exact
    eligibility: Eligibility | None = None
    rows: tuple[RowScore, ...]
    missing_mandatory: tuple[str, ...]
    faults: tuple[RowFault, ...]
    hints: tuple[str, ...]


def score(
    catalogue: Catalogue,
    evidence: Sequence[RowEvidence],
    nature: Nature,
    stage: Stage,
    *,
    applied_on: date | None = None,
    developed_on: date | None = None,
) -> Scorecard:
    """Score what was handed in by a catalogue. Never fails: what contradicts is a fault on the card."""
    entries: dict[str, RowEvidence] = {}
    strays: list[RowFault] = []
    for entry in evidence:
        if entry.row not in catalogue.by_number:
            strays.append(stray(entry.row, catalogue.name))
        elif entry.row in entries:
            strays.append(repeated(entry.row))
        else:
            entries[entry.row] = entry
    judged = [judge(row, entries.get(row.number), nature) for row in catalogue.innovation]
    rows = tuple(each.score for each in judged)
    stage_hint = explain.stage_hint(stage)
    return Scorecard(
        catalogue=catalogue.name,
        digest=catalogue.digest,
        claimed=sum((row.points for row in rows), Decimal(0)),
        verified=sum((row.verified_points for row in rows), Decimal(0)),
        provable=sum((row.provable_level * row.weight for row in rows if row.provable_level), Decimal(0)),
        most=catalogue.most,
        eligibility=eligibility(catalogue.constants.window, catalogue.year, applied_on, developed_on),
        rows=rows,
        missing_mandatory=tuple(row.row for row in rows if row.mandatory and not row.filled),
        faults=(*(fault for each in judged for fault in each.faults), *strays),
        hints=(*([stage_hint] if stage_hint else []), *(hint for each in judged for hint in each.hints)),
    )


def stray(row: str, catalogue: str) -> RowFault:
    """Evidence for a row that the catalogue does not have."""
    return RowFault(row=row, code="row-unknown", message=f"indikator {row} tidak ada pada katalog {catalogue}")


def repeated(row: str) -> RowFault:
    """A second entry for a row."""
    message = "indikator ini diisi lebih dari sekali; isian pertama yang dipakai"
    return RowFault(row=row, code="row-repeated", message=message)
