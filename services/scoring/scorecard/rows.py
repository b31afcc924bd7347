"""One row of a scorecard for its readers: the decided levels with points, explanations, faults and hints."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from services.scoring.catalogue.indicators import Indicator
from services.scoring.scorecard import explain
from services.scoring.scorecard.entry import RowEntry
from services.scoring.scorecard.findings import RowFault, faults_of, hints_of, problem_message
from services.scoring.scorecard.levels import RowLevels, Source, decide
from services.scoring.scorecard.next_step import NextStep, next_step
from shared.contracts.contract import Exact, Payload
from shared.contracts.vocabulary import Nature


class RowScore(Payload):
    """level: 0…3, points = weight × level; source: what it rests on; proofs: files and links found; filled: something
    is proved, by level or value; verified: the curator has decided; provable_level: see `levels.py`; next: the step up,
    None at the top; why, why_verified: in Bahasa Indonesia."""

    row: str
    name: str
    weight: Exact
    mandatory: bool
    level: int
    points: Exact
    source: Source
    basis: str | None
    proofs: int
    filled: bool
    verified: bool
    verified_level: int
    verified_points: Exact
    provable_level: int | None = None
    next: NextStep | None = None
    why: str
    why_verified: str


class ScoredEntry(NamedTuple):
    """A row's score with what it adds to the card: a `SummedRow`."""

    score: RowScore
    row: str
    claimed: Decimal
    verified: Decimal
    provable: Decimal
    missing: bool
    faults: tuple[RowFault, ...] = ()
    hints: tuple[str, ...] = ()


def score_row(row: Indicator, entry: RowEntry | None, nature: Nature) -> ScoredEntry:
    """The score of `row`; entry: what was entered for it, None for nothing."""
    levels = decide(row, entry)
    score = _score(row, entry, levels, nature)
    return ScoredEntry(
        score,
        row.number,
        claimed=score.points,
        verified=score.verified_points,
        provable=row.points(levels.provable_level),
        missing=row.mandatory and not score.filled,
        faults=tuple(faults_of(row, entry, levels)) if entry else (),
        hints=tuple(hints_of(row, entry, levels)) if entry else (),
    )


def _score(row: Indicator, entry: RowEntry | None, levels: RowLevels, nature: Nature) -> RowScore:
    proofs = entry.proofs if entry else 0
    decided = entry.verified_level if entry else None
    basis = _basis(row, entry)
    points = row.points(levels.level)
    why = explain.EMPTY if entry is None else _why(row, entry, levels, nature)
    return RowScore(
        row=row.number,
        name=row.name,
        weight=row.weight,
        mandatory=row.mandatory,
        level=levels.level,
        points=points,
        source=levels.source,
        basis=basis,
        proofs=proofs,
        filled=levels.source is not Source.NONE,
        verified=decided is not None,
        verified_level=levels.verified_level,
        verified_points=row.points(levels.verified_level),
        provable_level=levels.provable_level,
        next=next_step(row, levels.level, levels.shown.level, nature, basis),
        why=f"{why} {explain.points(levels.level, row.weight, points)}",
        why_verified=explain.verified(row, decided, proofs, nature, basis),
    )


def _why(row: Indicator, entry: RowEntry, levels: RowLevels, nature: Nature) -> str:
    shown = levels.shown
    if entry.proofs == 0:
        empty = entry.level is None and entry.value is None and entry.verified_level is None
        return explain.EMPTY if empty else explain.unproved(shown.level)
    if shown.problem is not None:
        return explain.unread(problem_message(row, entry, shown.problem))
    scale = row.scale_for(entry.basis)
    if shown.reading is not None and scale is not None:
        return explain.measured(scale, shown.reading, (row.bases or {}).get(entry.basis or ""))
    if shown.source is Source.CLAIM:
        return explain.stated(row, shown.level, nature, _basis(row, entry))
    return explain.undecided(entry.proofs)


def _basis(row: Indicator, entry: RowEntry | None) -> str | None:
    """The chosen basis, if the row has it."""
    return entry.basis if entry is not None and row.bases is not None and entry.basis in row.bases else None
