"""What scoring answers about regions: indices, SPD, and what would be if."""

from __future__ import annotations

from pydantic import Field

from services.scoring.catalogue.library import Catalogues
from services.scoring.index.document import RegionIndex
from services.scoring.index.index import RegionalIndex
from services.scoring.index.rounds import Figure
from services.scoring.index.spd import Proof
from services.scoring.index.spd_document import Spd, SpdChange
from services.scoring.scorecard.rows import RowScore
from services.scoring.views.scorecards import Answer, CatalogueRef, notice
from shared.contracts.contract import Exact
from shared.contracts.scorecard import RowFault

FORECAST = "Prakiraan dari isian perangkat daerah yang belum seluruhnya diverifikasi; bukan hasil."
RESULT = "Hasil verifikasi kurator."


class Forecast(RegionalIndex):
    """The claimed figure. label: what a reader must be told about it."""

    label: str = FORECAST


class IndexAnswer(Answer):
    """A region's index for a national round. predicate, next_predicate and to_next_predicate are the verified
    figure's; claimed, waiting (not scored yet) and catalogues (name → innovations scored by it): None for whoever sees
    only what is verified."""

    region: str = Field(examples=["61.12"])
    year: int = Field(examples=[2026])
    predicate: str = Field(examples=["inovatif"])
    next_predicate: str | None
    to_next_predicate: Exact | None
    verified: RegionalIndex
    claimed: Forecast | None
    waiting: int | None
    catalogues: dict[str, int] | None
    spd_catalogue: str | None


class IndexPage(Answer):
    """next: the cursor of the next page, None on the last."""

    items: list[IndexAnswer]
    next: str | None


def index_answer(index: RegionIndex, *, inside: bool) -> IndexAnswer:
    """inside: the asker may see what is not verified."""
    return IndexAnswer(
        region=index.region,
        year=index.year,
        predicate=index.verified.predicate,
        next_predicate=index.verified.next_predicate,
        to_next_predicate=index.verified.to_next,
        verified=index.verified,
        claimed=Forecast(**dict(index.claimed)) if inside else None,
        waiting=index.waiting if inside else None,
        catalogues=index.catalogues if inside else None,
        spd_catalogue=index.spd_catalogue,
    )


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
    """As it was entered, beside the rows that it was entered for."""
    catalogue = catalogues.get(spd.catalogue)
    return SpdAnswer(
        region=spd.region,
        year=spd.year,
        catalogue=CatalogueRef(
            name=spd.catalogue,
            digest=spd.digest,
            status=catalogue.status if catalogue else None,
            notice=notice(catalogue) if catalogue else None,
        ),
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


class ChangedInnovation(Answer):
    """An innovation with changed levels. before, after: points; counts: whether it belongs to the round's figure."""

    innovation: str
    name: str
    before: Exact
    after: Exact
    counts: bool


class ClimbAnswer(Answer):
    """Steps in one row. innovation: None for a row of the region (SPD); gain: points of SPD + SID, or of maturity."""

    row: str
    name: str
    innovation: str | None
    innovation_name: str | None
    level: int
    to: int
    steps: int
    gain: Exact


class PathAnswer(Answer):
    """The fewest level steps. lacking: points before the first; reachable: False where levels alone are not enough,
    then steps and what follows are empty; reached: the index afterwards; reached_maturity: for a maturity."""

    target: str = Field(examples=["sangat inovatif"])
    lacking: Exact
    reachable: bool
    steps: int
    climbs: tuple[ClimbAnswer, ...]
    reached: RegionalIndex | None
    reached_maturity: Exact | None


class WhatIfAnswer(Answer):
    """What would be. label: what a reader must be told; before, after: None for an agency's account."""

    region: str
    year: int
    figure: Figure
    label: str
    before: RegionalIndex | None
    after: RegionalIndex | None
    innovations: tuple[ChangedInnovation, ...]
    path: PathAnswer | None
