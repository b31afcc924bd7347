"""Imports contacts from a CSV table: the validated table is stored as one document and applied row by row under
deterministic ids. After a crash it is continued."""

from __future__ import annotations

import asyncio
import hashlib
from functools import partial

from services.notifications.contacts.contact import Contact
from services.notifications.contacts.contact_import import ContactImport, ImportStatus
from services.notifications.contacts.correction import corrected
from services.notifications.contacts.csv_table import AMBIGUOUS, Row, read_table
from services.notifications.contacts.directory import ContactDirectory
from services.notifications.contacts.repositories import contact_import_repository, contact_repository
from services.notifications.keys import import_key, imported_person
from services.notifications.kinds import CONTACT_IMPORT
from services.notifications.known import KnownFacts
from shared.faults import Flaw, Flaws, Invalid, KeyReused
from shared.ports.store import Store
from shared.storage.batches import AT_ONCE, in_parallel
from shared.storage.repository import Versioned
from shared.storage.steps import without_event


class ContactImporter:
    """Accepts tables, and finishes imports that a crash has cut off."""

    def __init__(self, store: Store, known_facts: KnownFacts) -> None:
        self._store = store
        self._known_facts = known_facts
        self._imports = contact_import_repository(store)
        self._contacts = contact_repository(store)
        self._directory = ContactDirectory(store)

    async def run(self, account: str, key: str, region: str, table: bytes) -> Versioned[ContactImport]:
        """Import a table. A repeat under the same key finishes the import or returns its result. Raises Invalid,
        KeyReused."""
        id = import_key(account, key)
        body = hashlib.sha256(region.encode() + b"\0" + table).hexdigest()
        found = await self._imports.find(id)
        if found is None:
            rows = await self._read(region, table)
            found = await self._imports.create(id, await self._new_import(id, region, body, rows, by=account))
        if found.value.body != body:
            raise KeyReused("Kunci ini sudah dipakai untuk tabel lain.")
        return await self._apply(found)

    async def finish(self) -> None:
        """Apply what an earlier process left unfinished."""
        async for row in self._store.scan(CONTACT_IMPORT.name, {"status": ImportStatus.APPLYING.value}, ()):
            found = await self._imports.find(row.id)
            if found:
                await self._apply(found)

    async def _read(self, region: str, table: bytes) -> list[Row]:
        names: dict[str, str] = {}
        async for known in self._known_facts.agencies(region):
            if not known.value.retired:
                name = known.value.name.casefold()
                names[name] = AMBIGUOUS if name in names else known.value.id
        rows = await asyncio.to_thread(read_table, table, names)
        await self._require_own_agencies(region, rows)
        return rows

    async def _require_own_agencies(self, region: str, rows: list[Row]) -> None:
        """Raises Invalid for the rows that name an agency of another region."""
        foreign = await self._known_facts.foreign(region, {id for row in rows for id in row.agencies})
        flaws = Flaws()
        for row in rows:
            if not foreign.isdisjoint(row.agencies):
                why = f"baris {row.line}: perangkat daerah ini bukan bagian dari daerah {region}"
                flaws.append(Flaw(f"line.{row.line}.agencies", "other-region", why))
        if flaws:
            raise Invalid(flaws)

    async def _new_import(self, id: str, region: str, body: str, rows: list[Row], *, by: str) -> ContactImport:
        """A row's contact is the one of the region that has its address, else a new one."""
        people: list[str] = []
        created = 0
        for row in rows:
            existing = await self._contact_with(region, row.email)
            people.append(existing or imported_person(id, row.line))
            created += existing is None
        return ContactImport(
            region=region,
            body=body,
            rows=tuple(rows),
            people=tuple(people),
            created=created,
            updated=len(rows) - created,
            by=by,
        )

    async def _contact_with(self, region: str, email: str) -> str | None:
        if not email:
            return None
        page = await self._contacts.list({"region": region, "email": email}, limit=1, after=None)
        return page.items[0].id if page.items else None

    async def _apply(self, found: Versioned[ContactImport]) -> Versioned[ContactImport]:
        """Apply the rows, many at a time: the import holds them all, so it is written once for each such batch."""
        while found.value.status is ImportStatus.APPLYING:
            start = found.value.next
            batch = range(start, min(start + AT_ONCE, len(found.value.rows)))
            await in_parallel(batch, partial(self._apply_row, found))
            found = await self._imports.amend(
                found.id, None, without_event(partial(ContactImport.advanced, start=start, count=len(batch)))
            )
        return found

    async def _apply_row(self, found: Versioned[ContactImport], index: int) -> None:
        row = found.value.rows[index]
        change = Contact.of(
            region=found.value.region,
            agencies=row.agencies,
            name=row.name,
            email=row.email,
            phone=row.phone,
            mark=f"{found.id}/{row.line}",
            by=found.value.by,
        )
        await self._directory.register(found.value.people[index], change)
        await self._contacts.change(found.value.people[index], without_event(partial(_with_row, change=change)))


def _with_row(before: Contact | None, change: Contact) -> Contact | None:
    """The contact after one row; None when the row was applied before, or the person was erased since."""
    if before is None:
        return change
    if before.erased or before.mark == change.mark:
        return None
    both = Contact.of(
        region=change.region,
        agencies=(*before.agencies, *change.agencies),
        name=change.name,
        email=change.email,
        phone=change.phone or before.phone,
        mark=change.mark,
        by=change.by,
    )
    return corrected(before, both)
