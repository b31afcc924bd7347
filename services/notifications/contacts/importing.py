"""An import of contacts: the validated table is one document, applied row by row under deterministic ids, and taken up
again after a crash. In the end the document keeps ids and counts, no personal data.

State: ``{region, body, status, rows, next, people, created, updated}``; status: applying or done; body: the SHA-256 of
the file.
"""

from __future__ import annotations

import hashlib
from functools import partial

from services.notifications.contacts import contact as contacts
from services.notifications.contacts.csv_table import AMBIGUOUS, Row, read_table
from services.notifications.keys import import_key, imported_person
from services.notifications.kinds import CONTACT, CONTACT_IMPORT
from services.notifications.known import KnownFacts
from shared.faults import KeyReused
from shared.ports.store import Document, State, Store
from shared.storage.batches import AT_ONCE, in_parallel
from shared.storage.steps import if_exists, without_event

APPLYING = "applying"
DONE = "done"


class Importing:
    """Takes tables in, and finishes what was begun."""

    def __init__(self, store: Store, known_facts: KnownFacts) -> None:
        self._store = store
        self._known_facts = known_facts

    async def take(self, account: str, key: str, region: str, table: bytes) -> Document:
        """Import a table. The same key again finishes or repeats the first answer. Raises Invalid, KeyReused."""
        id = import_key(account, key)
        body = hashlib.sha256(region.encode() + b"\0" + table).hexdigest()
        known = await self._store.get(CONTACT_IMPORT.name, id)
        if known is None:
            rows = await self._read(region, table)
            state = await self._begun(id, region, body, rows)
            known = await self._store.change(CONTACT_IMPORT.name, id, without_event(lambda now: None if now else state))
        if known.state["body"] != body:
            raise KeyReused("Kunci ini sudah dipakai untuk tabel lain.")
        return await self._apply(known)

    async def finish(self) -> None:
        """Apply what an earlier process left half-done."""
        async for row in self._store.scan(CONTACT_IMPORT.name, {"status": APPLYING}, ()):
            document = await self._store.get(CONTACT_IMPORT.name, row.id)
            if document:
                await self._apply(document)

    async def _read(self, region: str, table: bytes) -> list[Row]:
        names: dict[str, str] = {}
        async for known in self._known_facts.agencies(region):
            if not known.agency.retired:
                name = known.agency.name.casefold()
                names[name] = AMBIGUOUS if name in names else known.agency.id
        return read_table(table, names)

    async def _begun(self, id: str, region: str, body: str, rows: list[Row]) -> State:
        """The import as it begins. People: whoever has a row's address in the region already, else somebody new."""
        people: list[str] = []
        created = 0
        for row in rows:
            known = await self._who_has(region, row.email)
            people.append(known or imported_person(id, row.line))
            created += known is None
        return {
            "region": region,
            "body": body,
            "status": APPLYING,
            "rows": [row.model_dump(mode="json") for row in rows],
            "next": 0,
            "people": people,
            "created": created,
            "updated": len(rows) - created,
        }

    async def _who_has(self, region: str, email: str) -> str | None:
        if not email:
            return None
        page = await self._store.find(CONTACT.name, {"region": region, "email": email}, limit=1)
        return page.documents[0].id if page.documents else None

    async def _apply(self, document: Document) -> Document:
        """Row by row, many at a time: the import, which holds them all, is written once for each such step."""
        while document.state["status"] == APPLYING:
            place, rows = document.state["next"], document.state["rows"]
            some = range(place, min(place + AT_ONCE, len(rows)))
            await in_parallel(some, partial(self._keep, document))
            document = await self._store.change(
                CONTACT_IMPORT.name, document.id, if_exists(partial(_on, place=place, rows=len(some)))
            )
        return document

    async def _keep(self, document: Document, place: int) -> None:
        state = document.state
        row = Row.model_validate(state["rows"][place])
        step = partial(_with, row=row, region=state["region"], mark=f"{document.id}/{row.line}")
        await self._store.change(CONTACT.name, state["people"][place], without_event(step))


def _on(state: State, place: int, rows: int) -> State | None:
    """The import that many rows further; behind the last one it keeps nothing personal."""
    if state["next"] != place or state["status"] != APPLYING:
        return None
    if rows:
        return state | {"next": place + rows}
    return state | {"status": DONE, "rows": []}


def _with(known: State | None, row: Row, region: str, mark: str) -> State | None:
    """The contact after one row; None when the row was applied before, or the person was erased since."""
    told = contacts.described(
        region=region, agencies=list(row.agencies), name=row.name, email=row.email or None, phone=row.phone or None
    )
    if known is None:
        return told | {"mark": mark}
    if known["erased"] or known.get("mark") == mark:
        return None
    both = told | {"agencies": sorted({*known["agencies"], *row.agencies}), "phone": row.phone or known["phone"]}
    return contacts.corrected(known, both) | {"mark": mark}
