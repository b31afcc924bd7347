"""Routes `/spd`: the regional government's own rows, entered by the curator with evidence (number and date, or a link).

An entry is replaced whole, under `If-Match`. Before the first one, reading gives the empty form, and its ETag is "0".
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Response
from pydantic import BaseModel, ConfigDict, Field

from services.scoring.api.parameters import INSIDERS, RegionInPath, YearInPath
from services.scoring.catalogue.library import Catalogues, spd_catalogue
from services.scoring.index.marks import MarkRegion
from services.scoring.index.spd import SpdRow, score_spd, unknown_rows
from services.scoring.index.spd_document import Spd, enter, spd_id
from services.scoring.kinds import SPD
from services.scoring.views.spd import SpdAnswer, spd_answer
from shared.auth.policy import Role
from shared.clock import Clock
from shared.faults import Flaw, Invalid, NotFound, Stale
from shared.ports.store import Decision, State, Store
from shared.web.preconditions import IfMatch, etag
from shared.web.routes import Routes, Who, get, put

NEVER = 0
"""The sequence of an SPD that was never entered."""

EXAMPLES: dict[str, Any] = {
    "level dan nilai": {
        "summary": "Satu baris dengan level, satu dengan nilai",
        "value": {
            "rows": {
                "1": {"level": 3, "evidence": [{"number": "6 Tahun 2025", "dated": "2025-08-20", "subject": "RPJMD"}]},
                "4": {
                    "value": 5.23,
                    "unit": "%",
                    "evidence": [{"link": "https://kuburayakab.bps.go.id/id/statistics-table"}],
                },
            }
        },
    }
}


class SpdEntry(BaseModel):
    """rows: by their number in the catalogue; an absent row is not filled in."""

    model_config = ConfigDict(extra="forbid")

    rows: dict[str, SpdRow] = Field(max_length=100)


class SpdRoutes(Routes):
    """Answers for `/spd`. mark: called with the region when its SPD was written."""

    prefix = "/spd"
    tag = "spd"

    def __init__(self, store: Store, catalogues: Catalogues, clock: Clock, mark: MarkRegion) -> None:
        self._store = store
        self._catalogues = catalogues
        self._clock = clock
        self._mark = mark

    @get("/{region}/{year}", *INSIDERS, summary="Isian SPD satu daerah")
    async def read(self, who: Who, response: Response, region: RegionInPath, year: YearInPath) -> SpdAnswer:
        """The rows as entered, with points and why."""
        who.require_region(region)
        document = await self._store.get(SPD.name, spd_id(region, year))
        if document is None:
            etag(response, NEVER)
            return spd_answer(self._empty(region, year), self._catalogues)
        etag(response, document.sequence)
        return spd_answer(Spd.model_validate(document.state), self._catalogues)

    @put("/{region}/{year}", Role.CURATOR, summary="Isi SPD")
    async def enter(
        self,
        *,
        who: Who,
        response: Response,
        region: RegionInPath,
        year: YearInPath,
        expected: IfMatch,
        body: Annotated[SpdEntry, Body(openapi_examples=EXAMPLES)],
    ) -> SpdAnswer:
        """Replace the entry; the region's indices follow within seconds."""
        who.require_region(region)
        catalogue = spd_catalogue(self._catalogues, year)
        if catalogue is None:
            raise Invalid([Flaw("year", "catalogue", f"tidak ada katalog {year} yang memuat baris SPD")])
        if unknown := unknown_rows(catalogue.region, body.rows):
            raise Invalid([Flaw(f"rows.{row}", "row-unknown", f"tidak ada pada {catalogue.name}") for row in unknown])
        at = self._clock.now()

        def decide(state: State | None) -> Decision:
            if expected == NEVER and state is not None:
                raise Stale("SPD ini sudah diisi; baca dahulu dan kirim ETag-nya sebagai If-Match.")
            return enter(state, region=region, catalogue=catalogue, rows=body.rows, by=who.id, at=at)

        # Marked before and after: a crash after the write must not leave the old index in place.
        await self._mark(region)
        document = await self._store.change(
            SPD.name, spd_id(region, year), decide, expected=None if expected == NEVER else expected
        )
        await self._mark(region)
        etag(response, document.sequence)
        return spd_answer(Spd.model_validate(document.state), self._catalogues)

    def _empty(self, region: str, year: int) -> Spd:
        catalogue = spd_catalogue(self._catalogues, year)
        if catalogue is None:
            raise NotFound(f"Tidak ada katalog {year} yang memuat baris SPD.")
        return Spd(
            region=region,
            year=year,
            catalogue=catalogue.name,
            digest=catalogue.digest,
            rows={},
            score=score_spd(catalogue.region, {}),
            history=(),
        )
