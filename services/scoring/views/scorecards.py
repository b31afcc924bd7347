"""Answers about scorecards."""

from __future__ import annotations

from pydantic import Field

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.indicators import Indicator
from services.scoring.catalogue.library import Catalogues
from services.scoring.catalogue.maturity_bands import BandsFile, Word, word_for
from services.scoring.scorecard.document import ScorecardDocument
from services.scoring.scorecard.eligibility import Eligibility
from services.scoring.scorecard.findings import RowFault
from services.scoring.scorecard.levels import Source
from services.scoring.scorecard.next_step import NextStep
from services.scoring.scorecard.rows import RowScore
from services.scoring.scorecard.scorecard import Scorecard
from services.scoring.scorecard.scoring_state import ScoringState
from services.scoring.views.answer import Answer
from services.scoring.views.catalogues import CatalogueRef, catalogue_ref
from shared.contracts.contract import Exact
from shared.contracts.vocabulary import InnovationStatus
from shared.storage.models import assembled

NO_BANDS = BandsFile()


class Maturity(Answer):
    """Points. claimed: what the agency states and proves; verified: what the curator has confirmed; provable: the most
    that the evidence supports, whatever was claimed; of: the highest that the catalogue gives."""

    claimed: Exact = Field(examples=[87])
    verified: Exact = Field(examples=[72])
    provable: Exact | None = Field(examples=[90])
    of: Exact = Field(examples=[111])


class EvidenceAnswer(Answer):
    """found: files and links; missing: there are none; asked, kinds, links: what the catalogue accepts."""

    found: int
    missing: bool
    asked: str | None
    kinds: tuple[str, ...]
    links: bool


class RowAnswer(Answer):
    """level: 0…3, points = weight × level; source: what the level rests on; verified: the curator has decided."""

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
    """A whole scorecard. innovation_sequence: the version of the innovation that was scored."""

    innovation_sequence: int
    rows: tuple[RowAnswer, ...]
    faults: tuple[RowFault, ...]
    hints: tuple[str, ...]


class TrialAnswer(Answer):
    """The card that a draft would have, as a scorecard shows it; maturity: verified is that of rows which the curator
    had verified before."""

    catalogue: CatalogueRef
    maturity: Maturity
    eligibility: Eligibility | None
    missing_mandatory: tuple[str, ...]
    rows: tuple[RowAnswer, ...]
    faults: tuple[RowFault, ...]
    hints: tuple[str, ...]


class ScorecardPage(Answer):
    """next: the cursor of the next page, None on the last."""

    items: list[ScorecardSummary]
    next: str | None


def scorecard_summary(
    document: ScorecardDocument, catalogues: Catalogues, bands: BandsFile = NO_BANDS
) -> ScorecardSummary:
    """A scorecard in a list."""
    card = document.scorecard
    maturity, band = None, None
    if card:
        shown = card.verified if document.status == InnovationStatus.VERIFIED else card.claimed
        band = word_for(bands.of(document.region), shown, card.most)
        maturity = Maturity(claimed=card.claimed, verified=card.verified, provable=card.provable, of=card.most)
    used = catalogue_ref(card.catalogue, card.digest, catalogues.get(card.catalogue)) if card else None
    return ScorecardSummary(
        innovation=document.innovation.id,
        region=document.region,
        agency=document.agency,
        year=document.year,
        status=document.innovation.status,
        name=document.innovation.name,
        state=document.stand,
        waiting_for=document.waiting_for,
        catalogue=used,
        maturity=maturity,
        band=band,
        eligibility=card.eligibility if card else None,
        missing_mandatory=card.missing_mandatory if card else (),
    )


def scorecard_answer(
    document: ScorecardDocument, catalogues: Catalogues, bands: BandsFile = NO_BANDS
) -> ScorecardAnswer:
    """A whole scorecard with its rows."""
    card = document.scorecard
    catalogue = catalogues.get(card.catalogue) if card else None
    rows = catalogue.by_number if catalogue else {}
    return assembled(
        ScorecardAnswer,
        **vars(scorecard_summary(document, catalogues, bands)),
        innovation_sequence=document.innovation_sequence,
        rows=tuple(_row(row, rows.get(row.row)) for row in card.rows) if card else (),
        faults=card.faults if card else (),
        hints=document.hints,
    )


def trial_answer(card: Scorecard, catalogue: Catalogue) -> TrialAnswer:
    """The card of what was entered, which is stored nowhere."""
    return TrialAnswer(
        catalogue=catalogue_ref(card.catalogue, card.digest, catalogue),
        maturity=Maturity(claimed=card.claimed, verified=card.verified, provable=card.provable, of=card.most),
        eligibility=card.eligibility,
        missing_mandatory=card.missing_mandatory,
        rows=tuple(_row(row, catalogue.by_number.get(row.row)) for row in card.rows),
        faults=card.faults,
        hints=card.hints,
    )


def _row(row: RowScore, indicator: Indicator | None) -> RowAnswer:
    evidence = assembled(
        EvidenceAnswer,
        found=row.proofs,
        missing=row.proofs == 0,
        asked=indicator.evidence if indicator else None,
        kinds=indicator.kinds if indicator else (),
        links=indicator.links if indicator else False,
    )
    given = {**vars(row), "variable": indicator.variable if indicator else None, "evidence": evidence}
    return assembled(RowAnswer, **{name: given[name] for name in RowAnswer.model_fields})
