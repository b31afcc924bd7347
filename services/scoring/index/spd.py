"""The regional government's own rows (Satuan Pemerintahan Daerah): points from levels or measured values.

SPD = Σ weight × level over the catalogue's regional rows (Pedoman IGA 2026: 20 rows, 0…63). A row counts when it is
proved: by a link, or by a document's number and date. A given value decides the level, as in a scorecard.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from services.scoring.catalogue.catalogue import most_of
from services.scoring.catalogue.indicators import Indicator
from services.scoring.scorecard.findings import RowFault
from services.scoring.scorecard.rows import RowScore, score_row
from shared.contracts.contract import Exact, Payload
from shared.contracts.innovation import RowEvidence
from shared.contracts.vocabulary import Nature

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Link = Annotated[str, StringConstraints(pattern=r"^https?://[!-~]{1,1990}$")]
Measured = Annotated[Exact, Field(ge=-1_000_000_000_000, le=1_000_000_000_000, decimal_places=6)]


class Proof(Payload):
    """A document or page that proves a row: a link, or number and date; subject: tentang."""

    number: Words | None = Field(default=None, examples=["050/12/Bapperida"])
    dated: date | None = None
    subject: Words | None = None
    link: Link | None = Field(default=None, examples=["https://kuburayakab.bps.go.id/"])

    @model_validator(mode="after")
    def _proves(self) -> Self:
        if self.link is None and (self.number is None or self.dated is None):
            raise ValueError("sebutkan tautan, atau nomor dan tanggal dokumen")
        return self


class SpdRow(Payload):
    """The entry for one row: level (1…3), or a value, which decides it."""

    level: int | None = Field(default=None, ge=1, le=3)
    value: Measured | None = None
    unit: Words | None = None
    evidence: tuple[Proof, ...] = Field(default=(), max_length=20)


class SpdScore(Payload):
    """points: of `most`; missing_mandatory: mandatory rows that are not filled in and proved."""

    points: Exact
    most: Exact
    rows: tuple[RowScore, ...]
    missing_mandatory: tuple[str, ...]
    faults: tuple[RowFault, ...]
    hints: tuple[str, ...]


def score_spd(rows: Sequence[Indicator], entered: Mapping[str, SpdRow]) -> SpdScore:
    """The points of the entered rows, by row number. Entries for unknown rows do not count; see `unknown_rows`."""
    scored = [score_row(row, _evidence(row.number, entered.get(row.number)), Nature.DIGITAL) for row in rows]
    scores = tuple(each.score for each in scored)
    return SpdScore(
        points=sum((row.points for row in scores), Decimal(0)),
        most=most_of(rows),
        rows=scores,
        missing_mandatory=tuple(row.row for row in scores if row.mandatory and not row.filled),
        faults=tuple(fault for each in scored for fault in each.faults),
        hints=tuple(hint for each in scored for hint in each.hints),
    )


def unknown_rows(rows: Sequence[Indicator], entered: Mapping[str, SpdRow]) -> list[str]:
    """The entered numbers that are not rows of the catalogue."""
    return sorted(set(entered) - {row.number for row in rows})


def _evidence(number: str, entry: SpdRow | None) -> RowEvidence | None:
    if entry is None:
        return None
    return RowEvidence(row=number, level=entry.level, value=entry.value, unit=entry.unit, proofs=len(entry.evidence))
