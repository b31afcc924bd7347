"""What scoring answers over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from services.scoring.catalogue.catalogue import Catalogue, CatalogueStatus, most_of
from services.scoring.catalogue.differences import differences
from services.scoring.catalogue.indicators import Indicator
from services.scoring.catalogue.library import Catalogues
from services.scoring.catalogue.maturity_bands import BandsFile, Word, word_for
from services.scoring.scorecard.document import ScorecardDocument, ScoringState
from services.scoring.scorecard.eligibility import Eligibility
from services.scoring.scorecard.levels import Source
from services.scoring.scorecard.next_step import NextStep
from services.scoring.scorecard.rows import RowScore
from shared.contracts.contract import Exact
from shared.contracts.scorecard import RowFault
from shared.contracts.vocabulary import InnovationStatus

_NOTICE = (
    "Katalog ini disalin dari aplikasi publik pemerintah daerah dan belum dicocokkan dengan surat resmi; gunakan "
    "sebagai perkiraan."
)


NO_BANDS = BandsFile()


class Answer(BaseModel):
    """Frozen, like all that is only shown."""

    model_config = ConfigDict(frozen=True)


class CatalogueRef(Answer):
    """By which catalogue. notice: what a reader must be told about it, None when it is verified."""

    name: str = Field(examples=["2026.1"])
    digest: str | None = Field(description="SHA-256 of what scores")
    status: CatalogueStatus | None
    notice: str | None


class Maturity(Answer):
    """Points. claimed: what the agency states and proves; verified: what the curator has confirmed; provable: the most
    that the evidence supports, whatever was claimed; of: the highest that the catalogue gives."""

    claimed: Exact = Field(examples=[87])
    verified: Exact = Field(examples=[72])
    provable: Exact | None = Field(examples=[90])
    of: Exact = Field(examples=[111])


class EvidenceAnswer(Answer):
    """found: files and links; missing: none is there; asked, kinds, links: what the catalogue accepts."""

    found: int
    missing: bool
    asked: str | None
    kinds: tuple[str, ...]
    links: bool


class RowAnswer(Answer):
    """level 0…3, points = weight × level; source: what the level rests on; verified: whether the curator has looked."""

    row: str = Field(examples=["33"])
    name: str
    variable: str | None
    weight: Exact
    mandatory: bool
    level: int = Field(ge=0, le=3)
    points: Exact
    source: Source
    basis: str | None
    why: str
    verified: bool
    verified_level: int = Field(ge=0, le=3)
    verified_points: Exact
    why_verified: str
    provable_level: int | None = Field(ge=0, le=3)
    next: NextStep | None = Field(description="The step up and what it brings; null at the top")
    evidence: EvidenceAnswer


class ScorecardSummary(Answer):
    """A scorecard in a list. waiting_for: a region's code or a catalogue's name; then maturity is None; band: the
    region's own word for the verified maturity of a verified innovation, else for the claimed; labelled internal."""

    innovation: str
    region: str = Field(examples=["61.12"])
    agency: str
    year: int = Field(examples=[2025])
    status: InnovationStatus
    name: str
    state: ScoringState
    waiting_for: str | None
    catalogue: CatalogueRef | None
    maturity: Maturity | None
    band: Word | None
    eligibility: Eligibility | None
    missing_mandatory: tuple[str, ...]


class ScorecardAnswer(ScorecardSummary):
    """A scorecard whole. innovation_sequence: the version of the innovation that was scored."""

    innovation_sequence: int
    rows: tuple[RowAnswer, ...]
    faults: tuple[RowFault, ...]
    hints: tuple[str, ...]


class ScorecardPage(Answer):
    """next: the cursor of the next page, None on the last."""

    items: list[ScorecardSummary]
    next: str | None


class CatalogueSummary(CatalogueRef):
    """A catalogue in the list. rows: how many per innovation; most: the highest maturity, points."""

    year: int
    revision: int
    rows: int
    most: Exact


class CataloguePage(Answer):
    """All catalogues of this process, the newest first; next is always None."""

    items: list[CatalogueSummary]
    next: str | None = None


class CatalogueAnswer(CatalogueSummary):
    """A catalogue whole, as its file says it. region_rows: those scored per region; constants: the formula's."""

    sources: tuple[str, ...]
    indicators: list[dict[str, Any]]
    region_rows: list[dict[str, Any]]
    region_most: Exact
    constants: dict[str, Any]


class DifferenceAnswer(Answer):
    """One indicator, or the constants (numbers empty). A number is null where the indicator is not there."""

    number_before: str | None
    number_after: str | None
    name: str
    changes: tuple[str, ...]


class DifferencesAnswer(Answer):
    """What changed from one catalogue to another, in words."""

    before: str = Field(examples=["2024.1"])
    after: str = Field(examples=["2026.1"])
    differences: list[DifferenceAnswer]


def differences_answer(before: Catalogue, after: Catalogue) -> DifferencesAnswer:
    """From `before` to `after`."""
    found = [DifferenceAnswer(**asdict(each)) for each in differences(before, after)]
    return DifferencesAnswer(before=before.name, after=after.name, differences=found)


def notice(catalogue: Catalogue) -> str | None:
    """What a reader must be told: that the rules were transcribed."""
    return _NOTICE if catalogue.status is CatalogueStatus.TRANSCRIBED else None


def catalogue_summary(catalogue: Catalogue) -> CatalogueSummary:
    """For the list."""
    return CatalogueSummary(
        **_reference(catalogue.name, catalogue.digest, catalogue).model_dump(),
        year=catalogue.year,
        revision=catalogue.revision,
        rows=len(catalogue.innovation),
        most=catalogue.most,
    )


def catalogue_answer(catalogue: Catalogue) -> CatalogueAnswer:
    """Whole."""
    return CatalogueAnswer(
        **catalogue_summary(catalogue).model_dump(),
        sources=catalogue.sources,
        indicators=[_plain(row) for row in catalogue.innovation],
        region_rows=[_plain(row) for row in catalogue.region],
        region_most=most_of(catalogue.region),
        constants=_numbers(catalogue.constants.model_dump(by_alias=True, exclude_none=True)),
    )


def summary(standing: ScorecardDocument, catalogues: Catalogues, bands: BandsFile = NO_BANDS) -> ScorecardSummary:
    """For the list."""
    card = standing.scorecard
    maturity, band = None, None
    if card:
        decided = card.verified if standing.status == InnovationStatus.VERIFIED else card.claimed
        band = word_for(bands.of(standing.region), decided, card.most)
        maturity = Maturity(claimed=card.claimed, verified=card.verified, provable=card.provable, of=card.most)
    used = _reference(card.catalogue, card.digest, catalogues.get(card.catalogue)) if card else None
    return ScorecardSummary(
        innovation=standing.innovation.id,
        region=standing.region,
        agency=standing.agency,
        year=standing.year,
        status=standing.innovation.status,
        name=standing.innovation.name,
        state=standing.stand,
        waiting_for=standing.waiting_for,
        catalogue=used,
        maturity=maturity,
        band=band,
        eligibility=card.eligibility if card else None,
        missing_mandatory=card.missing_mandatory if card else (),
    )


def whole(standing: ScorecardDocument, catalogues: Catalogues, bands: BandsFile = NO_BANDS) -> ScorecardAnswer:
    """One scorecard with its rows."""
    card = standing.scorecard
    catalogue = catalogues.get(card.catalogue) if card else None
    rows = catalogue.by_number if catalogue else {}
    return ScorecardAnswer(
        **summary(standing, catalogues, bands).model_dump(),
        innovation_sequence=standing.innovation_sequence,
        rows=tuple(_row(row, rows.get(row.row)) for row in card.rows) if card else (),
        faults=card.faults if card else (),
        hints=card.hints if card else (),
    )


def _reference(name: str, digest: str, catalogue: Catalogue | None) -> CatalogueRef:
    status = catalogue.status if catalogue else None
    return CatalogueRef(name=name, digest=digest, status=status, notice=notice(catalogue) if catalogue else None)


def _row(row: RowScore, indicator: Indicator | None) -> RowAnswer:
    evidence = EvidenceAnswer(
        found=row.proofs,
        missing=row.proofs == 0,
        asked=indicator.evidence if indicator else None,
        kinds=indicator.kinds if indicator else (),
        links=indicator.links if indicator else False,
    )
    shown = row.model_dump(exclude={"proofs", "filled"})
    return RowAnswer(**shown, variable=indicator.variable if indicator else None, evidence=evidence)


def _plain(row: Indicator) -> dict[str, Any]:
    plain: dict[str, Any] = _numbers(row.model_dump(by_alias=True, exclude_none=True))
    return plain


def _numbers(value: Any) -> Any:  # noqa: ANN401 - any value of a dumped model
    """Decimals as JSON numbers (at most 15 digits, so the text stays exact)."""
    if isinstance(value, dict):
        return {key: _numbers(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_numbers(each) for each in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
