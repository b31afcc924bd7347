"""Routes `/results`: what the ministry gave a region and its innovations, beside our forecast.

All results of a round are one document with one version: before the first one, its ETag is "0".
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import Body, Path, Query, Request, Response

from services.scoring.api.parameters import INSIDERS, Id, RegionInPath, YearInPath
from services.scoring.known import region_of, today_in
from services.scoring.official.comparing import Forecasts
from services.scoring.official.results import MOST_INNOVATIONS, OfficialResult, OfficialResults
from services.scoring.official.store import official_results, results_id
from services.scoring.official.table import ReadResults, read_results, require_sound, rows_of
from services.scoring.views.official import (
    InnovationComparison,
    InnovationResultPage,
    RegionResultAnswer,
    TableAnswer,
)
from shared.auth.policy import Principal, Role
from shared.clock import Clock
from shared.faults import Conflict, Flaw, Invalid, NotFound, Stale
from shared.ports.store import Store
from shared.storage.repository import Versioned
from shared.storage.steps import without_event
from shared.tables.sheets.official import OFFICIAL
from shared.tables.workbook import MEDIA_TYPE
from shared.tables.writing import CSV_TYPE, Row, csv_lines, write_workbook
from shared.web.download import FileGenerator, file_answer
from shared.web.paging import paged
from shared.web.preconditions import IfMatch, etag
from shared.web.routes import Limit, Routes, Who, delete, get, put

NEVER = 0
"""The sequence of results that were never entered."""

_MOST_FINDINGS = 1_000  # of one answer
_ROUND = "/{region}/{year}"
_ONE = f"{_ROUND}/innovations/{{innovation}}"
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {
                "schema": {"type": "string"},
                "example": "Nama inovasi,Skor,Predikat,Tanggal,Sumber\nPECI HAJI,98,,10/12/2026,Surat 400.10.11/1\n",
            },
            MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
EXAMPLES: dict[str, Any] = {
    "indeks": {
        "summary": "Hasil indeks dari kementerian",
        "value": {
            "score": 61.37,
            "predicate": "Inovatif",
            "dated": "2026-12-10",
            "source": "Keputusan Menteri Dalam Negeri 400.10.11-1234 Tahun 2026",
        },
    }
}

InnovationInPath = Annotated[Id, Path(description="The innovation's id.")]
ResultBody = Annotated[OfficialResult, Body(openapi_examples=EXAMPLES)]
DryRun = Annotated[bool, Query(description="Only say what the table would do.")]


class ResultFormat(StrEnum):
    """The columns are those that an import reads."""

    XLSX = "xlsx"
    CSV = "csv"


class OfficialRoutes(Routes):
    """Answers for `/results`. Entered by the curator of the region; an agency reads the results of its innovations."""

    prefix = "/results"
    tag = "results"

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._results = official_results(store)
        self._forecasts = Forecasts(store)
        self._generator = FileGenerator()

    @get(_ROUND, *INSIDERS, summary="Hasil resmi suatu daerah")
    async def read(self, who: Who, response: Response, region: RegionInPath, year: YearInPath) -> RegionResultAnswer:
        """The region's official result beside our forecast, with the difference."""
        who.require_region(region)
        return await self._answer(response, region, year, await self._found(region, year))

    @put(_ROUND, Role.CURATOR, summary="Isi hasil resmi daerah")
    async def enter(
        self,
        *,
        who: Who,
        response: Response,
        region: RegionInPath,
        year: YearInPath,
        expected: IfMatch,
        body: ResultBody,
    ) -> RegionResultAnswer:
        """Enter or correct the region's official result."""
        who.require_region(region)
        await self._require_past(region, body)
        at = self._clock.now()
        stored = await self._change(region, year, expected, lambda before: before.with_overall(body, who.id, at))
        return await self._answer(response, region, year, stored)

    @delete(_ROUND, Role.CURATOR, status_code=204, summary="Hapus hasil resmi daerah")
    async def remove(self, *, who: Who, region: RegionInPath, year: YearInPath, expected: IfMatch) -> Response:
        """Remove a result of the region that was entered by mistake; those of innovations stay."""
        who.require_region(region)
        if (await self._results.get(results_id(region, year))).value.overall is None:
            raise self._results.missing()
        at = self._clock.now()
        await self._change(region, year, expected, lambda before: before.with_overall(None, who.id, at))
        return Response(status_code=204)

    @get(f"{_ROUND}/innovations", *INSIDERS, summary="Hasil resmi inovasi", response_model=InnovationResultPage)
    async def innovations(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        region: RegionInPath,
        year: YearInPath,
        limit: Limit = 50,
        after: Annotated[Id | None, Query(description="The `next` of the page before.")] = None,
    ) -> dict[str, Any]:
        """The official results of innovations, each beside our forecast, in the order of their ids."""
        who.require_region(region)
        found = await self._found(region, year)
        etag(response, found.sequence if found else NEVER)
        waiting = sorted(found.value.innovations.items()) if found else []
        waiting = [each for each in waiting if after is None or each[0] > after]
        shown = waiting[:limit]
        items = await self._forecasts.of_innovations(region, shown)
        return paged(request, response, items, shown[-1][0] if len(waiting) > len(shown) else None)

    @get(_ONE, Role.AGENCY, *INSIDERS, summary="Hasil resmi satu inovasi")
    async def innovation(
        self, *, who: Who, response: Response, region: RegionInPath, year: YearInPath, innovation: InnovationInPath
    ) -> InnovationComparison:
        """One innovation's official result, if there is one, beside our forecast."""
        who.require_agency(region, await self._agency(region, innovation))
        found = await self._found(region, year)
        result = found.value.innovations.get(innovation) if found else None
        return await self._one(response, region, found, innovation, result)

    @put(_ONE, Role.CURATOR, summary="Isi hasil resmi inovasi")
    async def enter_innovation(
        self,
        *,
        who: Who,
        response: Response,
        region: RegionInPath,
        year: YearInPath,
        innovation: InnovationInPath,
        expected: IfMatch,
        body: ResultBody,
    ) -> InnovationComparison:
        """Enter or correct an innovation's official result."""
        who.require_region(region)
        await self._agency(region, innovation)
        await self._require_past(region, body)
        at = self._clock.now()

        def entered(before: OfficialResults) -> OfficialResults | None:
            if innovation not in before.innovations and len(before.innovations) >= MOST_INNOVATIONS:
                raise Conflict(f"Paling banyak {MOST_INNOVATIONS} inovasi dalam satu penjaringan.")
            return before.with_innovation(innovation, body, who.id, at)

        stored = await self._change(region, year, expected, entered)
        return await self._one(response, region, stored, innovation, body)

    @delete(_ONE, Role.CURATOR, status_code=204, summary="Hapus hasil resmi inovasi")
    async def remove_innovation(
        self, *, who: Who, region: RegionInPath, year: YearInPath, innovation: InnovationInPath, expected: IfMatch
    ) -> Response:
        """Remove a result that was entered by mistake."""
        who.require_region(region)
        if innovation not in (await self._results.get(results_id(region, year))).value.innovations:
            raise self._results.missing()
        at = self._clock.now()
        await self._change(region, year, expected, lambda before: before.with_innovation(innovation, None, who.id, at))
        return Response(status_code=204)

    @put(f"{_ROUND}/table", Role.CURATOR, summary="Impor hasil resmi", openapi_extra=_FILE)
    async def import_table(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        region: RegionInPath,
        year: YearInPath,
        expected: IfMatch,
        dry_run: DryRun = False,
    ) -> TableAnswer:
        """Bring in many results at once from CSV or XLSX with the columns `Nama inovasi` (or `ID inovasi`), `Skor`,
        `Predikat`, `Tanggal`, `Sumber`, and `Perangkat daerah` where two innovations have the same name; a row with the
        region's name is the region's own. All or nothing; what the table does not name stays; the same table again
        changes nothing."""
        who.require_region(region)
        read = await self._read_table(region, year, await request.body())
        found = await self._found(region, year)
        before = found.value if found else OfficialResults(region=region, year=year)
        changed = before.differing(read.overall, read.innovations)
        etag(response, found.sequence if found else NEVER)
        if not dry_run:
            require_sound(read.findings)
            at = self._clock.now()
            stored = await self._change(
                region,
                year,
                expected,
                lambda known: known.with_table(read.overall, read.innovations, who.id, at),
            )
            etag(response, stored.sequence)
        return TableAnswer(
            rows=read.rows,
            innovations=len(read.innovations),
            region=read.overall is not None,
            changed=changed,
            errors=read.findings.errors,
            dry_run=dry_run,
            findings=read.findings.in_order()[:_MOST_FINDINGS],
        )

    @get(f"{_ROUND}/table.{{format}}", *INSIDERS, summary="Unduh hasil resmi", **file_answer(MEDIA_TYPE, CSV_TYPE))
    async def download(
        self, *, who: Who, region: RegionInPath, year: YearInPath, format: Annotated[ResultFormat, Path()]
    ) -> Response:
        """The results as a table that the import reads; without results, the empty table to fill in."""
        who.require_region(region)
        found = await self._found(region, year)
        results = found.value if found else OfficialResults(region=region, year=year)
        known = await self._forecasts.known(region)
        name = (await region_of(self._store, region)).name or region
        rows = list(rows_of(results, name, known))
        write = partial(_write_book if format is ResultFormat.XLSX else _write_csv, rows)
        media_type = MEDIA_TYPE if format is ResultFormat.XLSX else CSV_TYPE
        return await self._written(who, f"hasil-resmi-{region}-{year}.{format.value}", media_type, write)

    async def _found(self, region: str, year: int) -> Versioned[OfficialResults] | None:
        return await self._results.find(results_id(region, year))

    async def _change(
        self,
        region: str,
        year: int,
        expected: int,
        step: Callable[[OfficialResults], OfficialResults | None],
    ) -> Versioned[OfficialResults]:
        def changed(before: OfficialResults | None) -> OfficialResults | None:
            if before is not None and expected == NEVER:
                raise Stale("Hasil resmi sudah ada; baca dahulu dan kirim ETag-nya sebagai If-Match.")
            return step(before or OfficialResults(region=region, year=year))

        return await self._results.change(
            results_id(region, year), without_event(changed), expected=None if expected == NEVER else expected
        )

    async def _read_table(self, region: str, year: int, body: bytes) -> ReadResults:
        known = (await self._forecasts.known(region)).values()
        summary = await region_of(self._store, region)
        today = await today_in(self._store, region, self._clock)
        names = [region, *([summary.name] if summary.name else [])]
        return await asyncio.to_thread(read_results, body, names, list(known), year=year, today=today)

    async def _agency(self, region: str, innovation: str) -> str:
        agency = await self._forecasts.agency_of_innovation(region, innovation)
        if agency is None:
            raise NotFound("Inovasi ini tidak dikenal di daerah itu.")
        return agency

    async def _require_past(self, region: str, result: OfficialResult) -> None:
        if result.dated > await today_in(self._store, region, self._clock):
            raise Invalid([Flaw("dated", "future", "tanggal ini belum tiba")])

    async def _answer(
        self, response: Response, region: str, year: int, found: Versioned[OfficialResults] | None
    ) -> RegionResultAnswer:
        etag(response, found.sequence if found else NEVER)
        beside = await self._forecasts.of_region(region, year, found.value.overall if found else None)
        count = len(found.value.innovations) if found else 0
        return RegionResultAnswer(region=region, year=year, innovations=count, **dict(beside))

    async def _one(
        self,
        response: Response,
        region: str,
        found: Versioned[OfficialResults] | None,
        innovation: str,
        result: OfficialResult | None,
    ) -> InnovationComparison:
        etag(response, found.sequence if found else NEVER)
        (beside,) = await self._forecasts.of_innovations(region, [(innovation, result)])
        return beside

    async def _written(self, who: Principal, name: str, media_type: str, write: Callable[[FilePath], None]) -> Response:
        async def in_a_thread(path: FilePath) -> None:
            await asyncio.to_thread(write, path)

        return await self._generator.send(who, name, media_type, in_a_thread)


def _write_book(rows: list[Row], path: FilePath) -> None:
    write_workbook(path, [(OFFICIAL, rows)])


def _write_csv(rows: list[Row], path: FilePath) -> None:
    path.write_bytes(b"".join(csv_lines(OFFICIAL, rows)))
