"""One row of a scorecard: from what was claimed and proved to a level.

Rules (Pedoman IGA as transcribed; see the catalogue's sources): a given value decides the level, and a claimed level
that differs is a fault that is shown; a row without evidence (no file, no link) scores 0; a value that cannot be read
(no basis, another unit) proves nothing; a row that nobody has verified counts 0 in verified maturity.

The *provable* level is the highest that the evidence or the value supports, whatever was claimed: nothing where
evidence is missing or was refused (verified at 0); where the curator has looked, the level found, or the value's if
that is higher; where nobody has looked, what the entry shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from services.scoring.catalogue.indicators import Indicator
from services.scoring.catalogue.scales import Reading, read
from services.scoring.scorecard import explain
from services.scoring.scorecard.next_step import NextStep, next_step
from shared.contracts.contract import Exact, Payload
from shared.contracts.scorecard import RowFault
from shared.contracts.vocabulary import Nature


class Source(StrEnum):
    """What the level rests on: a measured value, the agency's statement, or nothing."""

    VALUE = "value"
    CLAIM = "claim"
    NONE = "none"


class RowScore(Payload):
    """level: 0…3, points = weight × level; source: what it rests on; proofs: files and links found; filled: something
    is proved, by level or value; verified: the curator has looked; provable: see the module; next: the step up, None at
    the top; why, why_verified: in Bahasa Indonesia."""

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


class Entry(Protocol):
    """What is judged: a `RowEvidence`, or whatever has its facts."""

    @property
    def level(self) -> int | None:
        """Claimed, 1…3."""

    @property
    def value(self) -> Decimal | None:
        """Measured."""

    @property
    def unit(self) -> str | None:
        """Of the value."""

    @property
    def basis(self) -> str | None:
        """By which it was measured."""

    @property
    def proofs(self) -> int:
        """Files and links."""

    @property
    def verified_level(self) -> int | None:
        """The curator's, 0…3."""


@dataclass(frozen=True)
class Judged:
    """A row with its faults and hints."""

    score: RowScore
    faults: tuple[RowFault, ...] = ()
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Shown:
    """What the entry shows, before asking whether it is proved."""

    level: int
    source: Source
    why: str
    reading: Reading | None = None
    trouble: RowFault | None = None


def judge(row: Indicator, evidence: Entry | None, nature: Nature) -> Judged:
    """The score of `row`; evidence: what was handed in for it, None for nothing."""
    if evidence is None:
        empty = _Shown(0, Source.NONE, explain.EMPTY)
        return Judged(_score(row, None, empty, nature, 0))
    shown = _shown(row, evidence, nature)
    counts = shown
    if evidence.proofs == 0:
        entered = evidence.level is not None or evidence.value is not None
        why = explain.unproved(shown.level) if entered or evidence.verified_level is not None else explain.EMPTY
        counts = _Shown(0, Source.NONE, why)
    return Judged(
        _score(row, evidence, counts, nature, shown.level),
        tuple(_faults(row, evidence, shown)),
        tuple(_hints(row, evidence, shown)),
    )


def _shown(row: Indicator, evidence: Entry, nature: Nature) -> _Shown:
    decided_by_number = row.scale is not None or row.bases is not None
    if evidence.value is not None and decided_by_number:
        trouble = _unreadable(row, evidence)
        if trouble is not None:
            return _Shown(0, Source.NONE, explain.unread(trouble.message), trouble=trouble)
        scale = row.scale_for(evidence.basis)
        if scale is None:
            raise AssertionError("a readable value has a scale")
        reading = read(scale, evidence.value)
        basis = (row.bases or {}).get(evidence.basis or "")
        return _Shown(reading.level, Source.VALUE, explain.measured(scale, reading, basis), reading)
    if evidence.level is not None:
        return _Shown(
            evidence.level, Source.CLAIM, explain.stated(row, evidence.level, nature, _basis_of(row, evidence))
        )
    return _Shown(0, Source.NONE, explain.undecided(evidence.proofs))


def _unreadable(row: Indicator, evidence: Entry) -> RowFault | None:
    if row.bases is not None and evidence.basis not in row.bases:
        if evidence.basis is not None:
            return _no_such_basis(row, evidence.basis)
        message = f"pilih tepat satu basis: {', '.join(row.bases)}"
        return RowFault(row=row.number, code="basis-missing", message=message)
    scale = row.scale_for(evidence.basis)
    if scale is not None and evidence.unit and not scale.knows_unit(evidence.unit):
        message = f"satuan {evidence.unit!r} bukan {scale.unit!r}"
        return RowFault(row=row.number, code="unit-unknown", message=message)
    return None


def _faults(row: Indicator, evidence: Entry, shown: _Shown) -> Iterator[RowFault]:
    if shown.trouble is not None:
        yield shown.trouble
    if shown.source is Source.VALUE and evidence.level is not None and evidence.level != shown.level:
        message = f"level {evidence.level} dinyatakan, tetapi nilainya menunjukkan level {shown.level}"
        yield RowFault(row=row.number, code="level-differs", message=message)
    if evidence.value is not None and row.scale is None and row.bases is None:
        message = "indikator ini tidak ditentukan oleh angka; nilai diabaikan"
        yield RowFault(row=row.number, code="value-not-expected", message=message)
    if evidence.basis is not None and row.bases is None:
        yield RowFault(row=row.number, code="basis-not-expected", message="indikator ini tidak memiliki basis")
    if evidence.value is None and evidence.basis is not None and row.bases and evidence.basis not in row.bases:
        yield _no_such_basis(row, evidence.basis)
    if evidence.verified_level and evidence.proofs == 0:
        message = f"kurator menetapkan level {evidence.verified_level} tanpa data pendukung"
        yield RowFault(row=row.number, code="verified-without-evidence", message=message)


def _hints(row: Indicator, evidence: Entry, shown: _Shown) -> Iterator[str]:
    name = f"Indikator {row.number}"
    reading = shown.reading
    if reading is not None and reading.hole is not None:
        ours = " (tafsiran kami)" if reading.hole.inferred else ""
        yield f"{name}: {reading.hole.note}; dihitung level {reading.hole.level}{ours}."
    if reading is not None and reading.tied:
        yield f"{name}: nilai tepat pada batas dua level di sumber; dipakai level yang lebih baik."
    if evidence.proofs == 0 and shown.level > 0:
        yield f"{name}: level {shown.level} belum dihitung karena belum ada data pendukung."
    if row.bases is not None and shown.source is Source.CLAIM and evidence.basis is None:
        yield f"{name}: sebutkan basis yang dipilih ({', '.join(row.bases)}) beserta nilainya."


def _no_such_basis(row: Indicator, basis: str) -> RowFault:
    message = f"basis {basis!r} tidak ada: {', '.join(row.bases or ())}"
    return RowFault(row=row.number, code="basis-unknown", message=message)


def _basis_of(row: Indicator, evidence: Entry) -> str | None:
    return evidence.basis if row.bases is not None and evidence.basis in row.bases else None


def _provable(evidence: Entry | None, shown: _Shown) -> int:
    """`shown`: what counts, so nothing without a proof."""
    if evidence is None or evidence.proofs == 0 or evidence.verified_level == 0:
        return 0
    if evidence.verified_level is None:
        return shown.level
    return max(evidence.verified_level, shown.level if shown.source is Source.VALUE else 0)


def _score(row: Indicator, evidence: Entry | None, shown: _Shown, nature: Nature, would_be: int) -> RowScore:
    proofs = evidence.proofs if evidence else 0
    decided = evidence.verified_level if evidence else None
    basis = _basis_of(row, evidence) if evidence else None
    counted = (decided or 0) if proofs else 0
    return RowScore(
        row=row.number,
        name=row.name,
        weight=row.weight,
        mandatory=row.mandatory,
        level=shown.level,
        points=shown.level * row.weight,
        source=shown.source,
        basis=basis,
        proofs=proofs,
        filled=shown.source is not Source.NONE,
        verified=decided is not None,
        verified_level=counted,
        verified_points=counted * row.weight,
        provable_level=_provable(evidence, shown),
        next=next_step(row, shown.level, would_be, nature, basis),
        why=f"{shown.why} {explain.points(shown.level, row.weight)}",
        why_verified=explain.verified(row, decided, proofs, nature, basis),
    )
