"""Routes `/awards`: piagam, certificates and incentives that agencies and the region received."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from functools import partial
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import Body, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.scoring.api.parameters import INSIDERS, Cursor, Id, PageLimit
from services.scoring.exports import tables
from services.scoring.known import agencies_of, agency_of, today_in
from services.scoring.official.award import Award, AwardKind, AwardTerms
from services.scoring.official.award_table import award_table
from services.scoring.official.comparing import Forecasts
from services.scoring.official.results import Line
from services.scoring.official.store import awards
from services.scoring.views.official import AwardAnswer, AwardPage, award_answer
from shared.auth.policy import Principal, Role
from shared.clock import Clock
from shared.contracts.fields import RegionCode
from shared.faults import Flaw, Forbidden, Invalid
from shared.ports.store import Store
from shared.storage.repository import Versioned
from shared.storage.steps import without_event
from shared.tables import workbook
from shared.web.download import FileGenerator, file_answer
from shared.web.paging import paged
from shared.web.preconditions import IdempotencyKey, IfMatch, etag, fingerprint, idempotent_id
from shared.web.routes import Routes, Who, created, delete, get, post, put

IdInPath = Annotated[Id, Path(description="An award's id.")]
_READERS = (Role.AGENCY, *INSIDERS)
_PAGE = 200
_MOST = 20_000  # awards of one file


class NewAward(BaseModel):
    """An award of a region or one of its agencies."""

    model_config = ConfigDict(extra="forbid")

    region: RegionCode = Field(examples=["61.12"])
    award: AwardTerms


class AwardFilter(BaseModel):
    """Which awards: each None: any. giver: as it was entered."""

    region: RegionCode | None = Field(default=None, examples=["61.12"])
    year: int | None = Field(default=None, ge=2000, le=2100)
    agency: Id | None = None
    kind: AwardKind | None = None
    giver: Line | None = None

    def where(self, who: Principal) -> dict[str, Any]:
        """The condition. An account sees those of its own region. Raises Forbidden."""
        region = self.region or who.region
        if region is None and who.role is not Role.OPERATOR:
            raise Forbidden("Akun ini tidak menyebut daerah.")
        if region is not None:
            who.require_region(region)
        filters = self.model_dump(mode="json", exclude={"region", "limit", "after"}, exclude_none=True)
        return {**({} if region is None else {"region": region}), "removed": 0, **filters}


class AwardQuery(AwardFilter):
    """A page of awards."""

    limit: PageLimit = 50
    after: Cursor = None


class AwardFormat(StrEnum):
    """A workbook for people; CSV for machines."""

    XLSX = "xlsx"
    CSV = "csv"


class AwardRoutes(Routes):
    """Answers for `/awards`. Entered by the curator; read by all accounts of the region."""

    prefix = "/awards"
    tag = "awards"

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._awards = awards(store)
        self._forecasts = Forecasts(store)
        self._generator = FileGenerator()

    @get("", *_READERS, summary="Penghargaan", response_model=AwardPage)
    async def list_awards(
        self, who: Who, request: Request, response: Response, query: Annotated[AwardQuery, Query()]
    ) -> dict[str, Any]:
        """List awards by year, agency, kind and giver."""
        page = await self._awards.list(query.where(who), limit=query.limit, after=query.after)
        items = [await self._answer(each) for each in page.items]
        return paged(request, response, items, page.after)

    @get("/table.{format}", *_READERS, summary="Unduh penghargaan", **file_answer(workbook.MEDIA_TYPE, tables.CSV))
    async def download(
        self, who: Who, format: Annotated[AwardFormat, Path()], query: Annotated[AwardFilter, Query()]
    ) -> Response:
        """The awards as a table, with how many there are by kind, giver, year and agency."""
        where = query.where(who)
        found: list[Versioned[Award]] = []
        after: str | None = None
        while len(found) < _MOST:
            page = await self._awards.list(where, limit=_PAGE, after=after)
            found += page.items
            after = page.after
            if after is None:
                break
        agencies = await agencies_of(self._store, where.get("region"))
        names = {id: each.name for id, each in agencies.items()}
        listed, counts = award_table(found, names)
        name = f"penghargaan-{where.get('region', 'nasional')}.{format.value}"
        if format is AwardFormat.CSV:
            return await self._written(who, name, tables.CSV, partial(_write_csv, listed))
        return await self._written(who, name, workbook.MEDIA_TYPE, partial(tables.tables_book, (listed, counts)))

    @post("", Role.CURATOR, status_code=201, summary="Catat penghargaan")
    async def record(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        body: Annotated[NewAward, Body()],
    ) -> AwardAnswer:
        """Record an award."""
        who.require_region(body.region)
        await self._require_sound(body.region, body.award, "award.")
        body_print = fingerprint(body)
        made = Award.of(body.region, body.award, by=who.id, created_by_body=body_print.sent)
        award = await self._awards.create(idempotent_id(who, key), made, fingerprint=body_print)
        created(request, response, f"awards/{award.id}", award.sequence)
        return await self._answer(award)

    @get("/{id}", *_READERS, summary="Satu penghargaan")
    async def award(self, who: Who, response: Response, id: IdInPath) -> AwardAnswer:
        """One award."""
        found = await self._own(who, id)
        etag(response, found.sequence)
        return await self._answer(found)

    @put("/{id}", Role.CURATOR, summary="Ubah penghargaan")
    async def change(
        self, *, who: Who, response: Response, id: IdInPath, expected: IfMatch, body: Annotated[AwardTerms, Body()]
    ) -> AwardAnswer:
        """Correct an award."""
        region = (await self._own(who, id)).value.region
        await self._require_sound(region, body)
        award = await self._awards.amend(id, expected, without_event(lambda before: before.changed(body, who.id)))
        etag(response, award.sequence)
        return await self._answer(award)

    @delete("/{id}", Role.CURATOR, status_code=204, summary="Hapus penghargaan")
    async def remove(self, *, who: Who, id: IdInPath, expected: IfMatch) -> Response:
        """Remove an award that was entered by mistake."""
        await self._own(who, id)
        await self._awards.amend(id, expected, without_event(lambda before: before.without(who.id)))
        return Response(status_code=204)

    async def _own(self, who: Principal, id: str) -> Versioned[Award]:
        award = await self._awards.get(id)
        if award.value.removed or not who.may_see_region(award.value.region):
            raise self._awards.missing()
        return award

    async def _require_sound(self, region: str, terms: AwardTerms, within: str = "") -> None:
        """Raise Invalid for an agency or innovation that this region does not have, and for a day to come."""
        flaws = []
        if terms.agency is not None and terms.agency not in await agencies_of(self._store, region):
            flaws.append(Flaw(f"{within}agency", "unknown", "perangkat daerah ini tidak dikenal di daerah itu"))
        if terms.innovation is not None:
            agency = await self._forecasts.agency_of_innovation(region, terms.innovation)
            if agency is None:
                flaws.append(Flaw(f"{within}innovation", "unknown", "inovasi ini tidak dikenal di daerah itu"))
        if terms.dated is not None and terms.dated > await today_in(self._store, region, self._clock):
            flaws.append(Flaw(f"{within}dated", "future", "tanggal ini belum tiba"))
        if flaws:
            raise Invalid(flaws)

    async def _answer(self, award: Versioned[Award]) -> AwardAnswer:
        known = await agency_of(self._store, award.value.agency) if award.value.agency else None
        return award_answer(award, known.name if known else "")

    async def _written(self, who: Principal, name: str, media_type: str, write: partial[None]) -> Response:
        async def in_a_thread(path: FilePath) -> None:
            await asyncio.to_thread(write, path)

        return await self._generator.send(who, name, media_type, in_a_thread)


def _write_csv(table: tables.Table, path: FilePath) -> None:
    path.write_bytes(tables.table_csv(table))
