"""Writes a region's tables, one document at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from services.registry.continuation.commitment import Commitment
from services.registry.exports.tables.agencies import agency_row
from services.registry.exports.tables.commitments import commitment_row
from services.registry.exports.tables.innovations import innovation_row
from services.registry.imports.agency_names import KnownAgencies, agencies_of
from services.registry.innovation.access import InnovationAccess
from services.registry.kinds import COMMITMENT
from services.registry.regions.region import Region
from shared.ports.store import Store
from shared.storage.repository import Repository
from shared.tables.columns import AGENCIES, COMMITMENTS, INNOVATIONS
from shared.tables.sheet import Sheet
from shared.tables.workbook import Book
from shared.tables.writing import Row, cells_of, csv_lines

_PAGE = 100

M = TypeVar("M", bound=BaseModel)


class TableSheet(StrEnum):
    """The sheets that the registry exports. ALL: a workbook with each of them."""

    AGENCIES = "agencies"
    INNOVATIONS = "innovations"
    COMMITMENTS = "commitments"
    ALL = "all"


class RegistryTables:
    """The tables of one region. All methods raise StoreAway."""

    def __init__(self, store: Store, access: InnovationAccess) -> None:
        self._access = access
        self._commitments = Repository(store, COMMITMENT, Commitment, "Perjanjian inovasi ini tidak ditemukan.")

    async def rows(self, sheet: TableSheet, region: Region, year: int | None) -> AsyncIterator[Row]:
        """The rows of a sheet. year: only that duty year, of innovations and commitments."""
        agencies = [each async for each in agencies_of(self._access.agencies, region.code)]
        known = KnownAgencies(agencies)
        where = {"region": region.code, **({} if year is None else {"year": year})}
        match sheet:
            case TableSheet.AGENCIES:
                for each in sorted(agencies, key=lambda it: (it.name.casefold(), it.id)):
                    yield agency_row(each, known)
            case TableSheet.INNOVATIONS:
                async for innovation in _all(self._access.innovations, where):
                    if not innovation.deleted:
                        yield innovation_row(innovation, region, known)
            case TableSheet.COMMITMENTS:
                async for commitment in _all(self._commitments, where):
                    if not commitment.revoked:
                        yield commitment_row(commitment, known)
            case TableSheet.ALL:
                raise ValueError("it is several sheets")

    async def write_book(self, path: Path, sheet: TableSheet, region: Region, year: int | None) -> None:
        """Write a workbook. Of ALL, sheets without rows are left out, but for that of the agencies."""
        sheets = list(_SHEETS) if sheet is TableSheet.ALL else [sheet]
        with Book(path) as book:
            for each in sheets:
                columns, rows = _SHEETS[each].columns, self.rows(each, region, year)
                first = await anext(rows, None)
                if first is None and sheet is TableSheet.ALL and each is not TableSheet.AGENCIES:
                    continue
                widths = [column.width for column in columns]
                part = book.sheet(_SHEETS[each].title, widths, frozen=(1, 1), long=each is TableSheet.INNOVATIONS)
                part.heads([column.header for column in columns])
                if first is not None:
                    part.rows([cells_of(columns, first)])
                async for row in rows:
                    part.rows([cells_of(columns, row)])

    async def write_csv(self, path: Path, sheet: TableSheet, region: Region, year: int | None) -> None:
        """Write a CSV file of one sheet."""
        columns = _SHEETS[sheet]
        head = b"".join(csv_lines(columns, ()))
        with path.open("wb") as file:
            file.write(head)
            async for row in self.rows(sheet, region, year):
                file.write(b"".join(csv_lines(columns, (row,)))[len(head) :])


_SHEETS: dict[TableSheet, Sheet] = {
    TableSheet.AGENCIES: AGENCIES,
    TableSheet.COMMITMENTS: COMMITMENTS,
    TableSheet.INNOVATIONS: INNOVATIONS,
}
"""In the order of a workbook; the longest is the last, whose rows go to the file at once."""


async def _all(repository: Repository[M], where: dict[str, Any]) -> AsyncIterator[M]:
    """All documents that match, a page at a time."""
    after: str | None = None
    while True:
        page = await repository.list(where, limit=_PAGE, after=after)
        for each in page.items:
            yield each.value
        after = page.after
        if after is None:
            return
