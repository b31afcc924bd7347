"""The scorecard of one innovation: its rows, its maturity as claimed, verified and provable, what is missing, what
contradicts, and whether the national round of the catalogue's year takes it.

maturity = Σ weight × level over the innovation's rows (Pedoman IGA 2026: 0…111). All numbers are exact decimals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Generic, Protocol, TypeVar

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.scorecard import explain
from services.scoring.scorecard.eligibility import Eligibility, eligibility
from services.scoring.scorecard.findings import RowFault, repeated_row, unknown_row
from services.scoring.scorecard.rows import RowScore, score_row
from shared.contracts.contract import Exact, Payload
from shared.contracts.innovation import RowEvidence
from shared.contracts.vocabulary import Nature, Stage

E = TypeVar("E")
F = TypeVar("F")
F_co = TypeVar("F_co", covariant=True)

_row_of = attrgetter("row")


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
    entries, faults = by_row(catalogue, evidence, _row_of)
    scored = [score_row(row, entries.get(row.number), nature) for row in catalogue.innovation]
    age = eligibility(catalogue.constants.window, catalogue.year, applied_on, developed_on)
    sums = sum_rows(scored, stage)
    return Scorecard(
        catalogue=catalogue.name,
        digest=catalogue.digest,
        claimed=sums.claimed,
        verified=sums.verified,
        provable=sums.provable,
        most=catalogue.most,
        eligibility=age,
        rows=tuple([each.score for each in scored]),
        missing_mandatory=tuple(sums.missing),
        faults=(*sums.faults, *faults),
        hints=tuple(sums.hints),
    )


def by_row(
    catalogue: Catalogue, entries: Iterable[E], number_of: Callable[[E], str]
) -> tuple[dict[str, E], list[RowFault]]:
    """The first entry of each row of the catalogue, and a fault for each other entry."""
    known = catalogue.by_number
    first: dict[str, E] = {}
    faults: list[RowFault] = []
    for entry in entries:
        row = number_of(entry)
        if row not in known:
            faults.append(unknown_row(row, catalogue.name))
        elif row in first:
            faults.append(repeated_row(row))
        else:
            first[row] = entry
    return first, faults


class SummedRow(Protocol[F_co]):
    """What a scored row adds to its card. F_co: how the card holds faults. A `ScoredEntry` has it."""

    @property
    def row(self) -> str:
        """The row's number."""

    @property
    def claimed(self) -> Decimal:
        """Points."""

    @property
    def verified(self) -> Decimal:
        """Points."""

    @property
    def provable(self) -> Decimal:
        """Points."""

    @property
    def missing(self) -> bool:
        """The row is mandatory and not filled."""

    @property
    def faults(self) -> Sequence[F_co]:
        """What contradicts."""

    @property
    def hints(self) -> Sequence[str]:
        """Advice, in Bahasa Indonesia."""


@dataclass(frozen=True, slots=True)
class Sums(Generic[F]):
    """What rows add up to. claimed, verified, provable: points; missing: mandatory rows that are not filled."""

    claimed: Decimal
    verified: Decimal
    provable: Decimal
    missing: list[str]
    faults: list[F]
    hints: list[str]


def sum_rows(scored: Iterable[SummedRow[F]], stage: Stage) -> Sums[F]:
    """Adds up scored rows, in their order."""
    claimed = verified = provable = Decimal(0)
    missing: list[str] = []
    faults: list[F] = []
    stage_hint = explain.stage_hint(stage)
    hints = [stage_hint] if stage_hint else []
    for each in scored:
        claimed += each.claimed
        verified += each.verified
        provable += each.provable
        faults += each.faults
        hints += each.hints
        if each.missing:
            missing.append(each.row)
    return Sums(claimed, verified, provable, missing, faults, hints)
