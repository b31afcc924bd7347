"""Reads the audit log of a service: entries by time, region and document, and the seals."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from shared.ports.audit import ENTRY, SEAL, next_day
from shared.ports.store import ID, Document, Documents, Range
from shared.storage.audit.seal import Seal, SealStatus

_PAGE = 200


@dataclass(frozen=True)
class AuditFilter:
    """first, last: UTC days, inclusive, empty: no limit; region: its code, None for all, empty for what belongs to no
    region; document: `<kind>/<id>`."""

    first: str = ""
    last: str = ""
    region: str | None = None
    document: str | None = None

    @property
    def where(self) -> Mapping[str, Any]:
        """As a condition of the store."""
        where: dict[str, Any] = {}
        if self.first or self.last:
            where[ID] = Range(least=self.first or None, below=next_day(self.last) if self.last else None)
        if self.region is not None:
            where["region"] = self.region
        if self.document is not None:
            where["document"] = self.document
        return where


class StoredEntry(BaseModel):
    """As an entry is stored: see `shared/ports/audit.py`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: str
    document: str
    entry: str


@dataclass(frozen=True)
class AuditEntry:
    """An entry. id: `<day>/<kind>/<document>/<sequence>`; text: canonical JSON."""

    id: str
    text: str

    @property
    def value(self) -> dict[str, Any]:
        """Its fields: `shared/adapters/audit_entry.py`."""
        value: dict[str, Any] = json.loads(self.text)
        return value


@dataclass(frozen=True)
class AuditPage:
    """A page of entries. after: the cursor of the next one, None on the last."""

    entries: list[AuditEntry]
    after: str | None


class AuditLog:
    """The log of one service. Every method raises StoreAway."""

    def __init__(self, store: Documents) -> None:
        self._store = store

    async def page(self, wanted: AuditFilter, *, limit: int, after: str | None) -> AuditPage:
        """A page of entries: by day, then by document, then in the order of its changes. Raises Invalid for an unknown
        cursor."""
        page = await self._store.find(ENTRY.name, wanted.where, sort=[(ID, 1)], limit=limit, after=after)
        return AuditPage([_entry(each) for each in page.documents], page.after)

    async def entries(self, wanted: AuditFilter) -> AsyncIterator[AuditEntry]:
        """All entries in the same order, in constant memory."""
        async for row in self._store.scan(ENTRY.name, wanted.where, ("entry",)):
            yield AuditEntry(row.id, row["entry"])

    async def first_day(self) -> str | None:
        """The day of the oldest entry; None when there is none."""
        page = await self._store.find(ENTRY.name, {}, sort=[(ID, 1)], limit=1)
        return page.documents[0].id.partition("/")[0] if page.documents else None

    async def last_seal(self) -> tuple[str, Seal] | None:
        """The newest day that is closed or sealed."""
        page = await self._store.find(SEAL.name, {}, sort=[(ID, -1)], limit=1)
        return _seal(page.documents[0]) if page.documents else None

    async def newest_sealed(self) -> tuple[str, Seal] | None:
        """The newest day that is sealed. Only the newest of all may be closed and not sealed yet."""
        page = await self._store.find(SEAL.name, {}, sort=[(ID, -1)], limit=2)
        some = (_seal(each) for each in page.documents)
        return next((each for each in some if each[1].status is SealStatus.SEALED), None)

    async def seal(self, day: str) -> Seal | None:
        """A day's seal; None when it is open."""
        found = await self._store.get(SEAL.name, day)
        return None if found is None else Seal.model_validate(found.state)

    async def seals(self) -> AsyncIterator[tuple[str, Seal]]:
        """All seals with their days, oldest first."""
        after: str | None = None
        while True:
            page = await self._store.find(SEAL.name, {}, sort=[(ID, 1)], limit=_PAGE, after=after)
            for each in page.documents:
                yield _seal(each)
            if (after := page.after) is None:
                return


def _entry(document: Document) -> AuditEntry:
    return AuditEntry(document.id, document.state["entry"])


def _seal(document: Document) -> tuple[str, Seal]:
    return document.id, Seal.model_validate(document.state)
