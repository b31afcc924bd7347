"""The scorecard of one innovation: its rows, its maturity as claimed, verified and provable, what is missing, what
contradicts, and whether the national round of the catalogue's year takes it.

maturity = Σ weight × level over the innovation's rows (Pedoman IGA 2026: 0…111). All numbers are exact decimals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.scorecard import explain
from services.scoring.scorecard.eligibility import Eligibility, eligibility
from services.scoring.scorecard.findings import repeated_row, unknown_row
from services.scoring.scorecard.rows import RowScore, ScoredEntry, score_row
from shared.contracts.contract import Exact, Payload
from shared.contracts.innovation import RowEvidence
from shared.contracts.scorecard import RowFault
from shared.contracts.vocabulary import Nature, Stage

E = TypeVar("E")


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
    """Score an innovation's evidence by a catalogue. Never fails: what contradicts is a fault on the card."""
    entries, faults = by_row(catalogue, ((entry.row, entry) for entry in evidence))
    scored = [score_row(row, entries.get(row.number), nature) for row in catalogue.innovation]
    age = eligibility(catalogue.constants.window, catalogue.year, applied_on, developed_on)
    return assemble(catalogue, scored, faults, stage, age)


def by_row(catalogue: Catalogue, entries: Iterable[tuple[str, E]]) -> tuple[dict[str, E], list[RowFault]]:
    """The first entry of each row of the catalogue, and a fault for each other entry."""
    first: dict[str, E] = {}
    faults: list[RowFault] = []
    for row, entry in entries:
        if row not in catalogue.by_number:
            faults.append(unknown_row(row, catalogue.name))
        elif row in first:
            faults.append(repeated_row(row))
        else:
            first[row] = entry
    return first, faults


def assemble(
    catalogue: Catalogue, scored: Sequence[ScoredEntry], faults: Sequence[RowFault], stage: Stage, age: Eligibility
) -> Scorecard:
    """The card of scored rows, all rows of the catalogue in its order. faults: those that belong to no row."""
    claimed = verified = provable = Decimal(0)
    missing: list[str] = []
    found: list[RowFault] = []
    stage_hint = explain.stage_hint(stage)
    hints = [stage_hint] if stage_hint else []
    for each in scored:
        claimed += each.claimed
        verified += each.verified
        provable += each.provable
        found += each.faults
        hints += each.hints
        if each.missing:
            missing.append(each.score.row)
    return Scorecard(
        catalogue=catalogue.name,
        digest=catalogue.digest,
        claimed=claimed,
        verified=verified,
        provable=provable,
        most=catalogue.most,
        eligibility=age,
        rows=tuple([each.score for each in scored]),
        missing_mandatory=tuple(missing),
        faults=(*found, *faults),
        hints=tuple(hints),
    )
