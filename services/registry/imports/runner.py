"""Runs imports: reads and checks the file, and applies the checked rows. After a crash it goes on.

Nothing of a table with errors is applied. Of one without, every row is applied in the end: each step is a change of one
document that does nothing when it is repeated, and the import notes how many are done. Replicas may run the same
import; that costs time and changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import structlog

from services.registry.imports.document import OPEN, ImportStatus, TableImport
from services.registry.imports.kept import KeptFiles
from services.registry.imports.planned import Step
from services.registry.imports.sheet_import import Context, Plan, SheetImport, Skipped
from services.registry.imports.tables import ImportedTables
from services.registry.kinds import IMPORT, IMPORT_REPORT
from services.registry.regions.region import Region
from shared.clock import Clock
from shared.faults import Away, Invalid
from shared.observability.actor import acting, importing
from shared.ports.store import Store
from shared.storage.batches import in_parallel
from shared.storage.repository import Repository, Versioned
from shared.storage.steps import without_event
from shared.tables.report import Finding, Findings
from shared.tables.reports import Reports

EVERY = 5.0  # seconds between two looks for imports of other processes, and of those that a crash has cut off
KEPT = timedelta(days=90)
"""Business time after which an import, its file and its report are removed."""

_BATCH = 100  # steps between two writes of the import
_AT_ONCE = 16

log = structlog.get_logger("imports")


class ImportRunner:
    """The loop's work."""

    def __init__(
        self,
        store: Store,
        imports: Repository[TableImport],
        *,
        regions: Repository[Region],
        kept: KeptFiles,
        sheets: Mapping[str, SheetImport],
        tables: ImportedTables,
        clock: Clock,
    ) -> None:
        self.woken = asyncio.Event()
        self._store = store
        self._imports = imports
        self._regions = regions
        self._kept = kept
        self._sheets = sheets
        self._tables = tables
        self._clock = clock
        self._reports = Reports(store, IMPORT_REPORT)

    async def run(self) -> None:
        """Finish every open import. Raises StoreAway, FilesAway."""
        for status in OPEN:
            ids = [row.id async for row in self._store.scan(IMPORT.name, {"status": status.value}, ())]
            for id in ids:
                found = await self._imports.find(id)
                if found is not None:
                    with acting(importing(found.value.by, found.id)):
                        await self._finish(found)

    async def purge(self, kept: timedelta = KEPT) -> None:
        """Remove imports that are older than that. Their files are swept when nothing refers to them."""
        oldest = self._clock.now() - kept
        async for row in self._store.scan(IMPORT.name, {}, ("at", "status")):
            if row["at"] < oldest.isoformat() and row["status"] not in OPEN:
                await self._reports.erase(row.id)
                await self._store.erase(IMPORT.name, row.id)

    async def _finish(self, found: Versioned[TableImport]) -> None:
        try:
            if found.value.status is ImportStatus.READING:
                found = await self._read(found)
            while found.value.status is ImportStatus.APPLYING:
                found = await self._apply(found)
        except Away:
            raise
        except Exception:
            log.exception("import.broken", run=found.id)
            why = "kesalahan pada sistem; sebutkan id impor ini kepada operator"
            await self._refuse(found, [Finding(sheet=found.value.sheet, row=0, code="broken", reason=why)])
        else:
            log.info("import.finished", run=found.id, status=found.value.status.value, steps=found.value.steps)

    async def _context(self, found: Versioned[TableImport]) -> Context:
        region = (await self._regions.get(found.value.region)).value
        return Context(found.id, region, found.value.by, found.value.at)

    async def _read(self, found: Versioned[TableImport]) -> Versioned[TableImport]:
        """Check the file: the import is refused, checked, or to be applied."""
        run, findings = found.value, Findings()
        try:
            tables, of_agencies = await self._tables.of(run)
        except Invalid as fault:
            flaw = fault.flaws[0]
            return await self._refuse(found, [Finding(sheet=run.sheet, row=0, code=flaw.code, reason=flaw.message)])
        for table in tables:
            findings.extend(table.findings)
        rows = sum(len(table.rows) for table in tables)
        if rows == 0:
            findings.add(
                Finding(sheet=run.sheet, row=0, code="empty", reason="tidak ada satu pun baris di bawah judul")
            )
        plan = Plan()
        if findings.errors == 0:
            context = await self._context(found)
            context = replace(context, coming=await self._tables.coming(run, context, of_agencies))
            plan = await self._sheets[run.sheet].plan(context, tables, findings)
        if findings.errors:
            return await self._refuse(found, findings.in_order(), rows=rows, findings=findings)
        await self._reports.write(found.id, findings.in_order())
        digest = await self._kept.keep_steps(plan.steps) if len(plan.steps) and not run.dry_run else ""
        now, steps = self._clock.now(), len(plan.steps)
        step = partial(
            TableImport.checked,
            rows=rows,
            outcomes=plan.outcomes,
            notes=findings.notes,
            steps=steps,
            plan=digest,
            at=now,
        )
        return await self._imports.amend(found.id, None, without_event(step), known=found)

    async def _refuse(
        self,
        found: Versioned[TableImport],
        listed: Sequence[Finding],
        *,
        rows: int = 0,
        findings: Findings | None = None,
    ) -> Versioned[TableImport]:
        await self._reports.write(found.id, listed)
        errors, notes = (findings.errors, findings.notes) if findings else (len(listed), 0)
        step = partial(TableImport.refused, rows=rows, errors=errors, notes=notes, at=self._clock.now())
        return await self._imports.amend(found.id, None, without_event(step))

    async def _apply(self, found: Versioned[TableImport]) -> Versioned[TableImport]:
        """Apply the steps that are left, in batches that do not reach into the next stage."""
        context, plan = await self._context(found), found.value.plan or ""
        batch: list[Step] = []
        place = found.value.place
        number = 0
        async for step in self._kept.steps(plan):
            number += 1
            if number <= place:
                continue
            if batch and (len(batch) == _BATCH or batch[-1].stage != step.stage):
                found = await self._apply_batch(context, found, batch)
                batch = []
                if found.value.place != number - 1 or found.value.status is not ImportStatus.APPLYING:
                    return found  # another process is ahead
            batch.append(step)
        return await self._apply_batch(context, found, batch)

    async def _apply_batch(
        self, context: Context, found: Versioned[TableImport], batch: Sequence[Step]
    ) -> Versioned[TableImport]:
        run, place = found.value, found.value.place
        numbered = list(enumerate(batch, start=place))
        done = await in_parallel(numbered, partial(self._apply_step, context, run.sheet), at_once=_AT_ONCE)
        step = partial(TableImport.advanced, place=place, count=len(batch), skipped=sum(done), at=self._clock.now())
        return await self._imports.amend(found.id, None, without_event(step), known=found)

    async def _apply_step(self, context: Context, sheet: str, numbered: tuple[int, Step]) -> bool:
        """Whether the step could not be applied any more."""
        number, step = numbered
        try:
            await self._sheets[sheet].apply(context, step)
        except Skipped as skipped:
            finding = Finding(sheet=sheet, row=step.row, code=skipped.slug, reason=skipped.detail)
        except Away:
            raise
        except Exception:  # what cannot be applied must not hold up the others
            log.exception("import.step_broken", run=context.id, step=number)
            why = "kesalahan pada sistem; sebutkan id impor ini kepada operator"
            finding = Finding(sheet=sheet, row=step.row, code="broken", reason=why)
        else:
            return False
        await self._reports.add(context.id, finding, number)
        return True
