"""Answers about SPD entries, the rows of a regional government."""

from __future__ import annotations

from pydantic import Field

from services.scoring.catalogue.library import Catalogues
from services.scoring.index.spd import Proof
from services.scoring.index.spd_document import Spd, SpdChange
from services.scoring.scorecard.findings import RowFault
from services.scoring.scorecard.rows import RowScore
from services.scoring.views.answer import Answer
from services.scoring.views.catalogues import CatalogueRef, catalogue_ref
from shared.contracts.contract import Exact


class SpdRowAnswer(Answer):
    """A row of SPD. entered: level or value as given; evidence: its proofs; asked: what the catalogue asks for."""

    row: str = Field(examples=["2a"])
    name: str
    variable: str | None
    weight: Exact
    mandatory: bool
    levels: tuple[str, ...] | None
    asked: str | None
    level: int = Field(ge=0, le=3)
    points: Exact
    why: str
    entered_level: int | None
    entered_value: Exact | None
    unit: str | None
    evidence: tuple[Proof, ...]


class SpdAnswer(Answer):
    """The SPD of a region and year, all rows of the catalogue. history: account ids, the latest last."""

    region: str
    year: int
    catalogue: CatalogueRef
    points: Exact
    of: Exact
    rows: tuple[SpdRowAnswer, ...]
    missing_mandatory: tuple[str, ...]
    faults: tuple[RowFault, ...]
    hints: tuple[str, ...]
    history: tuple[SpdChange, ...]


def spd_answer(spd: Spd, catalogues: Catalogues) -> SpdAnswer:
    """The entry beside the rows of its catalogue."""
    catalogue = catalogues.get(spd.catalogue)
    return SpdAnswer(
        region=spd.region,
        year=spd.year,
        catalogue=catalogue_ref(spd.catalogue, spd.digest, catalogue),
        points=spd.score.points,
        of=spd.score.most,
        rows=tuple(_row(spd, row, catalogues) for row in spd.score.rows),
        missing_mandatory=spd.score.missing_mandatory,
        faults=spd.score.faults,
        hints=spd.score.hints,
        history=spd.history,
    )


def _row(spd: Spd, row: RowScore, catalogues: Catalogues) -> SpdRowAnswer:
    catalogue = catalogues.get(spd.catalogue)
    indicator = next((each for each in catalogue.region if each.number == row.row), None) if catalogue else None
    entry = spd.rows.get(row.row)
    return SpdRowAnswer(
        row=row.row,
        name=row.name,
        variable=indicator.variable if indicator else None,
        weight=row.weight,
        mandatory=row.mandatory,
        levels=indicator.levels if indicator else None,
        asked=indicator.evidence if indicator else None,
        level=row.level,
        points=row.points,
        why=row.why,
        entered_level=entry.level if entry else None,
        entered_value=entry.value if entry else None,
        unit=entry.unit if entry else None,
        evidence=entry.evidence if entry else (),
    )
