"""The route by which all official results of a region are taken out as one table."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from enum import StrEnum
from functools import partial
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import Path, Response

from services.scoring.api.parameters import INSIDERS, RegionInPath
from services.scoring.known import region_of
from services.scoring.official.comparing import Forecasts
from services.scoring.official.results import OfficialResults
from services.scoring.official.store import official_results
from services.scoring.official.table import rows_of
from shared.ports.store import Store
from shared.tables.sheets.official import OFFICIAL
from shared.tables.workbook import MEDIA_TYPE
from shared.tables.writing import CSV_TYPE, Row, csv_lines, write_workbook
from shared.web.download import FileGenerator, file_answer
from shared.web.routes import Routes, Who, get

_PAGE = 50


class TableFormat(StrEnum):
    """The columns are those that imports read."""

    XLSX = "xlsx"
    CSV = "csv"


class OfficialTableRoutes(Routes):
    """Answers for `/results/{region}/table`. To be registered before the routes of single years."""

    prefix = "/results"
    tag = "results"

    def __init__(self, store: Store) -> None:
        self._store = store
        self._results = official_results(store)
        self._forecasts = Forecasts(store)
        self._generator = FileGenerator()

    @get(
        "/{region}/table.{format}",
        *INSIDERS,
        summary="Unduh hasil resmi semua tahun",
        **file_answer(MEDIA_TYPE, CSV_TYPE),
    )
    async def download(
        self, *, who: Who, region: RegionInPath, format: Annotated[TableFormat, Path(description="xlsx or csv.")]
    ) -> Response:
        """The results of all rounds, with a column for the year."""
        who.require_region(region)
        media_type = MEDIA_TYPE if format is TableFormat.XLSX else CSV_TYPE
        write = partial(self._write, region, format)
        return await self._generator.send(who, f"hasil-resmi-{region}.{format}", media_type, write)

    async def _write(self, region: str, format: TableFormat, path: FilePath) -> None:
        known = await self._forecasts.known(region)
        name = (await region_of(self._store, region)).name or region
        found = sorted([each async for each in self._rounds(region)], key=lambda each: each.year)
        rows = [row for each in found for row in rows_of(each, name, known)]
        await asyncio.to_thread(_write_book if format is TableFormat.XLSX else _write_csv, rows, path)

    async def _rounds(self, region: str) -> AsyncIterator[OfficialResults]:
        after: str | None = None
        while True:
            page = await self._results.list({"region": region}, limit=_PAGE, after=after)
            for each in page.items:
                yield each.value
            after = page.after
            if after is None:
                return


def _write_book(rows: list[Row], path: FilePath) -> None:
    write_workbook(path, [(OFFICIAL, rows)])


def _write_csv(rows: list[Row], path: FilePath) -> None:
    path.write_bytes(b"".join(csv_lines(OFFICIAL, rows)))
