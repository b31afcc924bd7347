"""Reads from the scorecards who can be ranked: a slim projection, streamed, without rows, evidence or explanations."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from services.scoring.catalogue.library import Catalogues
from services.scoring.kinds import SCORECARD
from services.scoring.known import AgencySummary, agencies_of
from services.scoring.ranking.entry import Entry, Measure
from services.scoring.ranking.freeze import CatalogueUsed
from services.scoring.scorecard.scoring_state import ScoringState
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import OneOf, ScanRow, Store

_FIELDS = {
    "name": "innovation.name",
    "region": "region",
    "agency": "agency",
    "year": "year",
    "status": "status",
    "form": "innovation.form",
    "affair": "innovation.main_affair",
    "nature": "innovation.nature",
    "classification": "innovation.classification",
    "catalogue": "catalogue",
    "claimed": "scorecard.claimed",
    "verified": "scorecard.verified",
    "most": "scorecard.most",
    "first_submitted_at": "innovation.first_submitted_at",
}
_STATE, _DIGEST = "stand", "scorecard.digest"


class Entrants(BaseModel):
    """What a scan found. catalogues: those by which the entries were scored."""

    model_config = ConfigDict(frozen=True)

    entries: tuple[Entry, ...]
    catalogues: tuple[CatalogueUsed, ...]


async def entrants(
    store: Store, catalogues: Catalogues, *, year: int, region: str | None, measure: Measure
) -> Entrants:
    """Every scored innovation of the duty year (and region) that a ranking by this measure includes."""
    statuses = [InnovationStatus.VERIFIED.value]
    if measure is Measure.CLAIMED:
        statuses.append(InnovationStatus.SUBMITTED.value)
    where: dict[str, Any] = {"status": OneOf(statuses), "year": year}
    if region is not None:
        where["region"] = region
    agencies = await agencies_of(store, region)
    entries: list[Entry] = []
    digests: dict[str, str | None] = {}
    async for row in store.scan(SCORECARD.name, where, [*_FIELDS.values(), _STATE, _DIGEST]):
        if row[_STATE] == ScoringState.SCORED:
            entries.append(_entry(row, agencies.get(row["agency"])))
            digests[row["catalogue"]] = row[_DIGEST]
    return Entrants(
        entries=tuple(entries), catalogues=tuple(_used(catalogues, name, digests[name]) for name in sorted(digests))
    )


def _entry(row: ScanRow, agency: AgencySummary | None) -> Entry:
    return Entry(
        innovation=row.id,
        agency_name=agency.name if agency else None,
        agency_kind=agency.kind if agency else None,
        **{name: row[path] for name, path in _FIELDS.items()},
    )


def _used(catalogues: Catalogues, name: str, digest: str | None) -> CatalogueUsed:
    catalogue = catalogues.get(name)
    return CatalogueUsed(name=name, digest=digest, status=catalogue.status if catalogue else None)
