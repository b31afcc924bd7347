"""Reads our forecast beside official results: the region's index, and the innovations' scorecards."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from services.scoring.index.document import RegionIndex, index_id
from services.scoring.kinds import REGION_INDEX, SCORECARD
from services.scoring.known import agencies_of
from services.scoring.official.results import OfficialResult
from services.scoring.official.table import KnownInnovation
from services.scoring.views.official import Comparison, InnovationComparison, comparison
from shared.ports.store import ID, OneOf, ScanRow, Store

_FIELDS = (
    "agency", "status", "innovation.name", "scorecard.claimed", "scorecard.verified", "scorecard.most",
)  # fmt: skip
_WITHDRAWN = "withdrawn"


class Forecasts:
    """What scoring knows of a region's innovations and of its index."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def known(self, region: str) -> dict[str, KnownInnovation]:
        """The region's innovations by id, without withdrawn ones and drafts."""
        agencies = await agencies_of(self._store, region)
        fields = ("agency", "status", "innovation.name")
        return {
            row.id: KnownInnovation(row.id, row["innovation.name"], known.name if known else row["agency"])
            async for row in self._store.scan(SCORECARD.name, {"region": region}, fields)
            if row["innovation.name"] and row["status"] != _WITHDRAWN
            for known in (agencies.get(row["agency"]),)
        }

    async def of_region(self, region: str, year: int, official: OfficialResult | None) -> Comparison:
        """The region's result beside its index."""
        document = await self._store.get(REGION_INDEX.name, index_id(region, year))
        if document is None:
            return comparison(official, None, None, None)
        index = RegionIndex.model_validate(document.state)
        return comparison(
            official, index.claimed.index, index.verified.index, Decimal(100), predicate=index.verified.predicate
        )

    async def of_innovations(
        self, region: str, results: Sequence[tuple[str, OfficialResult | None]]
    ) -> list[InnovationComparison]:
        """These results beside the scorecards, in the same order."""
        ids = [id for id, _ in results]
        agencies = await agencies_of(self._store, region)
        where = {ID: OneOf(ids)}
        rows = {row.id: row async for row in self._store.scan(SCORECARD.name, where, _FIELDS)} if ids else {}
        found = []
        for id, official in results:
            row = rows.get(id)
            agency = row["agency"] if row else None
            known = agencies.get(agency) if agency else None
            beside = comparison(official, _points(row, "claimed"), _points(row, "verified"), _points(row, "most"))
            found.append(
                InnovationComparison(
                    innovation=id,
                    name=(row["innovation.name"] or "") if row else "",
                    agency=agency,
                    agency_name=known.name if known else "",
                    **dict(beside),
                )
            )
        return found

    async def agency_of_innovation(self, region: str, id: str) -> str | None:
        """The agency of an innovation of this region; None when there is none."""
        rows = self._store.scan(SCORECARD.name, {ID: id, "region": region}, ("agency",))
        return next(iter([row["agency"] async for row in rows]), None)


def _points(row: ScanRow | None, name: str) -> Decimal | None:
    value = row[f"scorecard.{name}"] if row else None
    return None if value is None else Decimal(str(value))
