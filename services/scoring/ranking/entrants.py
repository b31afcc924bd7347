"""Who can be ranked, read from the scorecards by a streamed slim projection: no row, no evidence, no explanation."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from services.scoring.catalogue.library import Catalogues
from services.scoring.kinds import KNOWN_AGENCY, KNOWN_REGION, SCORECARD
from services.scoring.ranking.freeze import CatalogueUsed
from services.scoring.ranking.ranking import Entry, Measure
from services.scoring.scorecard.document import ScoringState
from shared.contracts.vocabulary import AgencyKind, InnovationStatus, Zone
from shared.ports.store import OneOf, State, Store

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
_STAND, _DIGEST = "stand", "scorecard.digest"


class RegionKnown(BaseModel):
    """A region as it was heard of. name: None while it has not been."""

    model_config = ConfigDict(frozen=True)

    code: str
    name: str | None
    zone: str


class AgencyKnown(BaseModel):
    """An agency as it was heard of."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    kind: AgencyKind


class Entrants(BaseModel):
    """What a scan found. catalogues: those by which the entries were scored."""

    model_config = ConfigDict(frozen=True)

    entries: tuple[Entry, ...]
    catalogues: tuple[CatalogueUsed, ...]


async def entrants(
    store: Store, catalogues: Catalogues, *, year: int, region: str | None, measure: Measure
) -> Entrants:
    """Every scored innovation of the year (and region) that a ranking by this measure takes."""
    statuses = [InnovationStatus.VERIFIED.value]
    if measure is Measure.CLAIMED:
        statuses.append(InnovationStatus.SUBMITTED.value)
    where: dict[str, Any] = {"status": OneOf(statuses), "year": year}
    if region is not None:
        where["region"] = region
    agencies = await known_agencies(store, region)
    entries: list[Entry] = []
    used: dict[str, str | None] = {}
    async for slim in store.scan(SCORECARD.name, where, [*_FIELDS.values(), _STAND, _DIGEST]):
        if slim[_STAND] == ScoringState.SCORED:
            entries.append(_entry(slim, agencies.get(slim["agency"])))
            used[slim["catalogue"]] = slim[_DIGEST]
    return Entrants(
        entries=tuple(entries), catalogues=tuple(_used(catalogues, name, used[name]) for name in sorted(used))
    )


async def known_agencies(store: Store, region: str | None) -> dict[str, AgencyKnown]:
    """Agencies by id: of the region, or all."""
    where = {} if region is None else {"region": region}
    return {
        slim["_id"]: AgencyKnown(name=slim["agency.name"], kind=slim["agency.kind"])
        async for slim in store.scan(KNOWN_AGENCY.name, where, ["agency.name", "agency.kind"])
    }


async def agency_of(store: Store, agency: str) -> AgencyKnown | None:
    """One agency; None while it has not been heard of."""
    document = await store.get(KNOWN_AGENCY.name, agency)
    return AgencyKnown.model_validate(document.state["agency"]) if document else None


async def region_of(store: Store, code: str) -> RegionKnown:
    """A region's name and zone; Western Indonesian Time while it has not been heard of."""
    document = await store.get(KNOWN_REGION.name, code)
    if document is None:
        return RegionKnown(code=code, name=None, zone=Zone.WIB.value)
    said = document.state["region"]
    return RegionKnown(code=code, name=said["name"], zone=said["zone"])


def _entry(slim: State, agency: AgencyKnown | None) -> Entry:
    return Entry(
        innovation=slim["_id"],
        agency_name=agency.name if agency else None,
        agency_kind=agency.kind if agency else None,
        **{name: slim[path] for name, path in _FIELDS.items()},
    )


def _used(catalogues: Catalogues, name: str, digest: str | None) -> CatalogueUsed:
    catalogue = catalogues.get(name)
    return CatalogueUsed(name=name, digest=digest, status=catalogue.status if catalogue else None)
