"""Reads the tables that an import needs from its stored file."""

from __future__ import annotations

import asyncio
import contextlib
from typing import IO

from services.registry.agencies.agency import Agency
from services.registry.imports.agencies import AgencyImport
from services.registry.imports.document import TableImport
from services.registry.imports.kept import KeptFiles
from services.registry.imports.sheet_import import Context
from shared.faults import Invalid
from shared.storage.repository import Repository
from shared.tables.columns import AGENCIES, SHEETS
from shared.tables.reading import read_tables
from shared.tables.table import Table


class ImportedTables:
    """Methods raise StoreAway, FilesAway."""

    def __init__(self, imports: Repository[TableImport], kept: KeptFiles, agencies: AgencyImport) -> None:
        self._imports = imports
        self._kept = kept
        self._agencies = agencies

    async def of(self, run: TableImport) -> tuple[list[Table], list[Table]]:
        """The tables of the import's sheet; and those of agencies in the same file, for a dry run of another sheet.
        Raises Invalid (field `file`)."""
        with await self._kept.opened(run.digest) as file:
            tables = await asyncio.to_thread(_read, file, run)
        others = [each for each in tables if each.sheet != run.sheet]
        return [each for each in tables if each.sheet == run.sheet], others

    async def coming(self, run: TableImport, context: Context, same_file: list[Table]) -> tuple[Agency, ...]:
        """The agencies that a dry run counts as known: those of the same file, and of the import that it names."""
        tables = list(same_file)
        before = await self._imports.find(run.agencies_from) if run.agencies_from else None
        if before is not None and not before.value.redactions:
            with contextlib.suppress(Invalid):  # a file that cannot be read brings none
                tables += (await self.of(before.value))[0]
        return await self._agencies.coming(context, tables) if tables else ()


def _read(file: IO[bytes], run: TableImport) -> list[Table]:
    wanted = [SHEETS[run.sheet]]
    if run.dry_run and run.sheet != AGENCIES.key:
        tables = read_tables(file, run.name, [*wanted, AGENCIES])  # type: ignore[arg-type]
        if any(each.sheet == run.sheet for each in tables):
            return tables
    return read_tables(file, run.name, wanted)  # type: ignore[arg-type]
