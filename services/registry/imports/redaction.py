"""Redaction of an imported table: its bytes and its report, which quotes its cells, are removed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from services.registry.files.redaction import NewRedaction, Redaction, redaction_of
from services.registry.files.sweep import FileSweep
from services.registry.imports.document import OPEN, TableImport
from services.registry.kinds import IMPORT, IMPORT_REPORT
from shared.auth.policy import Principal
from shared.faults import Conflict, NotFound
from shared.ports.store import Store
from shared.storage.models import replaced
from shared.storage.repository import Repository, Versioned
from shared.storage.steps import without_event
from shared.tables.reports import Reports


class ImportRedaction:
    """Redacts a table in every import of its region that has it: who tries a table first sends it twice."""

    def __init__(
        self, store: Store, imports: Repository[TableImport], sweep: FileSweep, now: Callable[[], datetime]
    ) -> None:
        """now: business time."""
        self._store = store
        self._imports = imports
        self._reports = Reports(store, IMPORT_REPORT)
        self._sweep = sweep
        self._now = now

    async def redact(
        self, who: Principal, id: str, wanted: NewRedaction, expected: int | None
    ) -> Versioned[TableImport]:
        """Redact it. Raises NotFound, Forbidden, Stale, and Conflict while the table is being read or applied."""
        found = await self._imports.get(id)
        if not who.may_see_region(found.value.region):
            raise self._imports.missing()
        who.require_region(found.value.region)
        if expected is not None:
            found.require(expected)
        if found.value.digest != wanted.digest:
            raise NotFound("Impor ini tidak memuat berkas ini.")
        step = partial(redacted, redaction=Redaction(**wanted.model_dump(), by=who.id, at=self._now()))
        done = await self._imports.amend(id, expected, without_event(step))
        await self._reports.erase(id)
        where = {"region": found.value.region}
        rows = [row async for row in self._store.scan(IMPORT.name, where, ("digest", "status"))]
        for row in rows:
            if row["digest"] == wanted.digest and row.id != id and row["status"] not in OPEN:
                await self._imports.amend(row.id, None, without_event(step))
                await self._reports.erase(row.id)
        await self._sweep.remove_redacted(wanted.digest)
        return done


def redacted(run: TableImport, redaction: Redaction) -> TableImport | None:
    """The import without its table; None when it has none any more. Raises Conflict while it is open."""
    if run.status in OPEN:
        raise Conflict("Impor ini masih berjalan; tunggu sampai selesai.")
    if redaction_of(run.redactions, redaction.digest) is not None:
        return None
    return replaced(run, name="tabel", redactions=(*run.redactions, redaction))
