"""The routes of exports: a region's tables in the columns that imports read."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import Annotated

from fastapi import Path, Query, Response
from pydantic import BaseModel, Field

from services.registry.exports.tables.tables import RegistryTables, TableSheet
from services.registry.regions.region import Region
from shared.auth.policy import Role
from shared.contracts.fields import RegionCode
from shared.faults import Flaw, Invalid
from shared.storage.repository import Repository
from shared.tables import workbook
from shared.tables.writing import CSV_TYPE
from shared.web.download import FileGenerator, file_answer
from shared.web.routes import Routes, Who, get


class TableFormat(StrEnum):
    """A workbook for people; CSV for other programmes."""

    XLSX = "xlsx"
    CSV = "csv"


class TableQuery(BaseModel):
    """region: whose; year: only innovations and commitments of that duty year."""

    region: RegionCode = Field(examples=["61.12"])
    year: int | None = Field(default=None, ge=2000, le=2100)


class ExportRoutes(Routes):
    """Routes for `/exports`."""

    prefix = "/exports"
    tag = "exports"

    def __init__(self, tables: RegistryTables, regions: Repository[Region]) -> None:
        self._tables = tables
        self._regions = regions
        self._generator = FileGenerator()

    @get("/{sheet}.{format}", Role.CURATOR, summary="Tabel suatu daerah", **file_answer(workbook.MEDIA_TYPE, CSV_TYPE))
    async def export(
        self,
        *,
        who: Who,
        sheet: Annotated[TableSheet, Path(description="Which sheet; `all` only as xlsx.")],
        format: Annotated[TableFormat, Path(description="xlsx or csv.")],
        query: Annotated[TableQuery, Query()],
    ) -> Response:
        """The table, with the ids: imported again into this region it changes nothing."""
        who.require_region(query.region)
        region = (await self._regions.get(query.region)).value
        if format is TableFormat.CSV and sheet is TableSheet.ALL:
            raise Invalid([Flaw("format", "one-sheet", "CSV hanya memuat satu lembar; pilih lembarnya, atau xlsx")])
        writing = self._tables.write_book if format is TableFormat.XLSX else self._tables.write_csv
        write = partial(writing, sheet=sheet, region=region, year=query.year)
        name = f"{sheet}-{region.code}{f'-{query.year}' if query.year else ''}.{format}"
        media_type = workbook.MEDIA_TYPE if format is TableFormat.XLSX else CSV_TYPE
        return await self._generator.send(who, name, media_type, write)
