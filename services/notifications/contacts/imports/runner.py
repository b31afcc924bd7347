"""Runs imports of tables of contacts, and goes on after a crash. A table that names agencies of which this service has
not heard yet waits for them."""

from __future__ import annotations

import asyncio
import base64
from datetime import timedelta
from functools import partial

import structlog

from services.notifications.contacts.importing import ContactImporter
from services.notifications.contacts.imports.document import OPEN, ContactTable, TableStatus
from services.notifications.contacts.imports.reading import file_finding, read_contacts
from services.notifications.contacts.table.row import Row
from services.notifications.kinds import CONTACT_TABLE, CONTACT_TABLE_REPORT
from shared.clock import Clock, machine_ms
from shared.faults import Away, Flaw, Invalid
from shared.observability.actor import acting, importing
from shared.ports.store import Store
from shared.storage.repository import Repository, Versioned
from shared.storage.steps import without_event
from shared.tables.columns import CONTACTS
from shared.tables.report import Finding, Findings
from shared.tables.reports import Reports

EVERY = 2.0  # seconds between two looks
LONGEST_WAIT = timedelta(minutes=15)
"""Machine time for which a table waits for its agencies; then their names are errors."""
KEPT = timedelta(days=7)
"""Business time after which an import and its report, which quotes cells with personal data, are erased."""

log = structlog.get_logger("contacts")


def contact_table_repository(store: Store) -> Repository[ContactTable]:
    """Id: made from the account and its idempotency key."""
    return Repository(store, CONTACT_TABLE, ContactTable, "Impor ini tidak ada.")


class ContactTableRunner:
    """The loop's work."""

    def __init__(self, store: Store, importer: ContactImporter, clock: Clock) -> None:
        self.woken = asyncio.Event()
        self.tables = contact_table_repository(store)
        self.reports = Reports(store, CONTACT_TABLE_REPORT)
        self._store = store
        self._importer = importer
        self._clock = clock

    async def run(self) -> None:
        """Bring every open import forward. Raises StoreAway."""
        for status in OPEN:
            ids = [row.id async for row in self._store.scan(CONTACT_TABLE.name, {"status": status.value}, ())]
            for id in ids:
                found = await self.tables.find(id)
                if found is not None:
                    with acting(importing(found.value.by, found.id)):
                        await self._advance(found)

    async def purge(self, kept: timedelta = KEPT) -> None:
        """Erase what is older than that."""
        oldest = (self._clock.now() - kept).isoformat()
        async for row in self._store.scan(CONTACT_TABLE.name, {}, ("at", "status")):
            if row["at"] < oldest and row["status"] not in OPEN:
                await self.reports.erase(row.id)
                await self._store.erase(CONTACT_TABLE.name, row.id)

    async def _advance(self, found: Versioned[ContactTable]) -> None:
        try:
            if found.value.is_unread:
                found = await self._read(found)
            if found.value.status is TableStatus.APPLYING:
                await self._importer.finish_one(found.id)
                await self._change(found, partial(ContactTable.done, at=self._clock.now()))
        except Away:
            raise
        except Exception:
            log.exception("contacts.import_broken", run=found.id)
            why = "kesalahan pada sistem; sebutkan id impor ini kepada operator"
            findings = Findings()
            findings.add(Finding(sheet=CONTACTS.key, row=0, code="broken", reason=why))
            await self._refuse(found, findings, 0)

    async def _read(self, found: Versioned[ContactTable]) -> Versioned[ContactTable]:
        table, findings = found.value, Findings()
        rows: list[Row] = []
        try:
            names = await self._importer.agency_names(table.region)
            read = partial(read_contacts, base64.b64decode(table.body), names, findings, dry_run=table.dry_run)
            rows = await asyncio.to_thread(read)
        except Invalid as fault:
            findings.add(file_finding(fault))
        planned = None
        if findings.errors == 0:
            try:
                planned = await self._importer.planned(found.id, table.region, rows, by=table.by)
            except Invalid as fault:
                for flaw in fault.flaws:
                    findings.add(_finding(flaw))
        unknown = sum(each.code == "unknown" for each in findings.kept)
        if findings.errors and findings.errors == unknown and not table.dry_run and machine_ms() < table.until:
            return await self._change(found, partial(ContactTable.waits, lines=unknown))
        if planned is None:
            return await self._refuse(found, findings, len(rows))
        await self.reports.write(found.id, findings.in_order())
        unchanged = await self._importer.unchanged(planned)
        if not table.dry_run:
            await self._importer.keep(found.id, planned)
        step = partial(
            ContactTable.read, found=planned, unchanged=unchanged, notes=findings.notes, at=self._clock.now()
        )
        return await self._change(found, step)

    async def _refuse(self, found: Versioned[ContactTable], findings: Findings, rows: int) -> Versioned[ContactTable]:
        await self.reports.write(found.id, findings.in_order())
        step = partial(
            ContactTable.refused, rows=rows, errors=findings.errors, notes=findings.notes, at=self._clock.now()
        )
        return await self._change(found, step)

    async def _change(
        self, found: Versioned[ContactTable], step: partial[ContactTable | None]
    ) -> Versioned[ContactTable]:
        return await self.tables.amend(found.id, None, without_event(step))


def _finding(flaw: Flaw) -> Finding:
    """A flaw that names its line, as a finding."""
    parts = flaw.field.split(".")
    row = int(parts[1]) if len(parts) > 1 and parts[1].isdecimal() else 0
    column = CONTACTS.by_key[parts[2]].header if len(parts) > 2 and parts[2] in CONTACTS.by_key else ""  # noqa: PLR2004
    return Finding(
        sheet=CONTACTS.key,
        row=row,
        column=column,
        code=flaw.code,
        reason=flaw.message.partition(": ")[2] or flaw.message,
    )
