"""Answers about official results and awards."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pydantic import Field

from services.scoring.official.award import Award, AwardKind
from services.scoring.official.results import OfficialResult
from services.scoring.views.answer import Answer
from shared.contracts.contract import Exact
from shared.storage.repository import Versioned
from shared.tables.report import Finding

NOTE = "Prakiraan adalah hitungan sistem ini; hasil resmi adalah dari sumber yang disebut. Selisih = resmi - prakiraan."


class Comparison(Answer):
    """An official result beside our forecast. official: null while there is none; claimed, verified: our figures, of
    `of`, null while there are none; predicate: of our verified figure; claimed_difference, verified_difference:
    official minus forecast, null unless both are there."""

    official: OfficialResult | None
    claimed: Exact | None
    verified: Exact | None
    of: Exact | None
    predicate: str | None = None
    claimed_difference: Exact | None
    verified_difference: Exact | None


class InnovationComparison(Comparison):
    """name, agency: empty or null for an innovation that is not known here any more."""

    innovation: str
    name: str
    agency: str | None
    agency_name: str


class RegionResultAnswer(Comparison):
    """The region's result of a round. innovations: how many official results innovations have."""

    region: str = Field(examples=["61.12"])
    year: int = Field(examples=[2026])
    innovations: int
    note: str = NOTE


class InnovationResultPage(Answer):
    """next: the cursor of the next page, None on the last."""

    items: list[InnovationComparison]
    next: str | None


class TableAnswer(Answer):
    """What a table of results does. rows: lines; innovations: results of innovations; region: whether it has the
    region's own; changed: how many are new or differ; errors: how many findings stop it; findings: row by row;
    dry_run: nothing was stored."""

    rows: int
    innovations: int
    region: bool
    changed: int
    errors: int
    dry_run: bool
    findings: list[Finding]


class AwardTableAnswer(Answer):
    """What a table of awards does. rows: lines; created, updated, unchanged: awards; errors: how many findings stop it;
    findings: row by row; dry_run: nothing was stored."""

    rows: int
    created: int
    updated: int
    unchanged: int
    errors: int
    dry_run: bool
    findings: list[Finding]


class AwardAnswer(Answer):
    """An award. agency, innovation: null without one; by: the id of the account that changed it last."""

    id: str
    region: str
    kind: AwardKind
    year: int
    title: str
    giver: str
    agency: str | None
    agency_name: str
    innovation: str | None
    number: str
    dated: date | None
    by: str


class AwardPage(Answer):
    """next: the cursor of the next page, None on the last."""

    items: list[AwardAnswer]
    next: str | None


def award_answer(award: Versioned[Award], agency_name: str) -> AwardAnswer:
    """agency_name: empty while it is not known."""
    fields = award.value.model_dump(include=set(AwardAnswer.model_fields) - {"id", "agency_name"})
    maybe = {name: fields[name] or None for name in ("agency", "innovation")}
    return AwardAnswer(id=award.id, agency_name=agency_name, **{**fields, **maybe})


def comparison(
    official: OfficialResult | None,
    claimed: Decimal | None,
    verified: Decimal | None,
    of: Decimal | None,
    *,
    predicate: str | None = None,
) -> Comparison:
    """An official result beside our figures."""
    return Comparison(
        official=official,
        claimed=claimed,
        verified=verified,
        of=of,
        predicate=predicate,
        claimed_difference=_difference(official, claimed),
        verified_difference=_difference(official, verified),
    )


def _difference(official: OfficialResult | None, forecast: Decimal | None) -> Decimal | None:
    return None if official is None or forecast is None else official.score - forecast
