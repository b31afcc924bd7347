"""Answers about regional indices."""

from __future__ import annotations

from pydantic import Field

from services.scoring.index.document import RegionIndex
from services.scoring.index.index import RegionalIndex
from services.scoring.views.answer import Answer
from shared.contracts.contract import Exact

FORECAST = "Prakiraan dari isian perangkat daerah yang belum seluruhnya diverifikasi; bukan hasil."
RESULT = "Hasil verifikasi kurator."


class Forecast(RegionalIndex):
    """The claimed figure. label: what a reader must know about it."""

    label: str = FORECAST


class IndexAnswer(Answer):
    """A region's index for a national round. predicate, next_predicate and to_next_predicate are the verified figure's;
    claimed, waiting (not scored yet) and catalogues (name → innovations scored by it): None for accounts that see only
    verified results."""

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
    """A region's index. inside: the account may see results that are not verified."""
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
