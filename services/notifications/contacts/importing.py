"""Imports contacts from a CSV table: the validated table is stored as one document and applied row by row under
deterministic ids. After a crash it is continued."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection
from functools import partial

from services.notifications.contacts.agencies import REFUSALS, refused_agencies
from services.notifications.contacts.contact_import import ContactImport, ImportStatus
from services.notifications.contacts.repositories import contact_import_repository, contact_repository
from services.notifications.contacts.table.lines import AMBIGUOUS, COMING
from services.notifications.contacts.table.owners import RowOwners, UnclearOwner, new_person
from services.notifications.contacts.table.reader import read_table
from services.notifications.contacts.table.row import Row
from services.notifications.contacts.waking import Waker
from services.notifications.contacts.writer import ContactWriter
from services.notifications.keys import import_key
from services.notifications.kinds import CONTACT_IMPORT
from services.notifications.known import KnownFacts
from shared.contracts.names import folded
from shared.faults import Flaw, Flaws, Invalid, KeyReused
from shared.observability.actor import acting, importing
from shared.ports.store import ID, OneOf, Store
from shared.storage.batches import in_parallel
from shared.storage.repository import Versioned
from shared.storage.steps import without_event

_BATCH = 1_000  # rows between two writes of the import, which holds them all; after a crash so many are looked at again
_AT_ONCE = 32  # rows; that many share a commit, and no other work waits for them long


class ContactImporter:
    """Accepts tables, and finishes imports that a crash has cut off."""

    def __init__(self, store: Store, known_facts: KnownFacts, waker: Waker) -> None:
        self._store = store
        self._known_facts = known_facts
        self._imports = contact_import_repository(store)
        self._contacts = contact_repository(store)
        self._owners = RowOwners(store)
        self._writer = ContactWriter(store, waker)

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

    async def finish_one(self, id: str) -> None:
        """Apply what is left of one import."""
        found = await self._imports.find(id)
        if found is not None:
            await self._apply(found)

    async def planned(self, id: str, region: str, rows: list[Row], *, by: str) -> ContactImport:
        """The import of these rows, not stored yet. Raises Invalid for agencies and addresses that do not fit."""
        await self._require_agencies(region, rows)
        return await self._new_import(id, region, "", rows, by=by)

    async def unchanged(self, planned: ContactImport) -> int:
        """How many rows would change nothing."""
        count = 0
        for start in range(0, len(planned.rows), _AT_ONCE):
            rows, people = planned.rows[start : start + _AT_ONCE], planned.people[start : start + _AT_ONCE]
            page = await self._contacts.list({ID: OneOf(sorted(set(people)))}, limit=_AT_ONCE, after=None)
            before = {each.id: each.value for each in page.items}
            for row, person in zip(rows, people, strict=True):
                known = before.get(person)
                after = known and row.applied_to(known, region=planned.region, mark="none", by="")
                count += known is not None and after is None
        return count

    async def keep(self, id: str, planned: ContactImport) -> None:
        """Store an import, to be applied; one that is stored already stays."""
        await self._imports.create(id, planned)

    async def agency_names(self, region: str) -> dict[str, str]:
        """Folded name → id, or AMBIGUOUS, of the region's agencies that exist."""
        names: dict[str, str] = {}
        async for known in self._known_facts.agencies(region):
            if not known.value.retired:
                name = folded(known.value.name)
                names[name] = AMBIGUOUS if name in names else known.value.id
        return names

    async def _read(self, region: str, table: bytes) -> list[Row]:
        names = await self.agency_names(region)
        rows = await asyncio.to_thread(read_table, table, names)
        await self._require_agencies(region, rows)
        return rows

    async def _require_agencies(self, region: str, rows: list[Row]) -> None:
        """Raises Invalid for the rows that name an agency of another region, or one that nobody knows."""
        named = {id for row in rows for id in row.agencies if not id.startswith(COMING)}
        refused = await refused_agencies(self._known_facts, region, named)
        flaws = Flaws()
        for row in rows:
            for code in sorted({refused[id] for id in row.agencies if id in refused}):
                why = f"baris {row.line}: {REFUSALS[code].format(region=region)}"
                flaws.append(Flaw(f"line.{row.line}.agencies", code, why))
        if flaws:
            raise Invalid(flaws)

    async def _new_import(self, id: str, region: str, body: str, rows: list[Row], *, by: str) -> ContactImport:
        """A row's contact is the one with its id, or the one of the region that has its address, else a new one. Raises
        Invalid for a row whose addresses belong to two contacts, and for a second row of one contact."""
        people: list[str] = []
        flaws = Flaws()
        created = 0
        lines: dict[str, int] = {}
        for row in rows:
            try:
                owner = await self._owner(region, row, lines)
            except UnclearOwner as unclear:
                field = ".".join(("line", str(row.line), *([unclear.column] if unclear.column else ())))
                flaws.append(Flaw(field, unclear.code, f"baris {row.line}: {unclear.reason}"))
                continue
            person = owner or new_person(id, region, row)
            lines[person] = row.line
            people.append(person)
            created += owner is None
        if flaws:
            raise Invalid(flaws)
        return ContactImport(
            region=region,
            body=body,
            rows=tuple(row.model_copy(update={"id": None}) for row in rows),  # `people` has it
            people=tuple(people),
            created=created,
            updated=len(rows) - created,
            landlines=sum(row.moved for row in rows),
            by=by,
        )

    async def _owner(self, region: str, row: Row, taken: Collection[str]) -> str | None:
        owner = await self._owners.of(region, row)
        if owner in taken:
            raise UnclearOwner
        return owner

    async def _apply(self, found: Versioned[ContactImport]) -> Versioned[ContactImport]:
        """Apply the rows that are left."""
        while found.value.status is ImportStatus.APPLYING:
            start = found.value.next
            batch = range(start, min(start + _BATCH, len(found.value.rows)))
            with acting(importing(found.value.by, found.id)):
                await in_parallel(batch, partial(self._apply_row, found), at_once=_AT_ONCE)
            advanced = without_event(partial(ContactImport.advanced, start=start, count=len(batch)))
            found = await self._imports.amend(found.id, None, advanced, known=found)
        return found

    async def _apply_row(self, found: Versioned[ContactImport], index: int) -> None:
        row, table = found.value.rows[index], found.value
        apply = partial(row.applied_to, region=table.region, mark=f"{found.id}/{row.line}", by=table.by)
        await self._writer.change(table.people[index], apply)
