"""A kind of document that is audited, with a typed value, and what tests ask of its log."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from shared.observability.actor import Actor
from shared.ports.audit import AUDIT_KINDS, ENTRY, canonical
from shared.ports.audit_rule import AuditRule
from shared.ports.store import AUDIT, Index, Kind, Store
from shared.storage.audit.log import AuditFilter, AuditLog
from shared.storage.repository import Repository
from tests.support.store_engines import THING

CLERK = Actor("akun-7", "curator", "10.1.2.3", "PUT /notes/{id}")

NOTE = Kind(
    "note",
    indexes=(Index(("region",)),),
    audit=AuditRule(shown=("region", "status", "pages.*.number"), left_out=frozenset({"by"})),
)
NOTE_KINDS = (NOTE, THING, *AUDIT_KINDS)


class Page(BaseModel):
    """A page. text: hidden."""

    model_config = ConfigDict(frozen=True)

    number: int
    text: str = ""


class Note(BaseModel):
    """person: hidden; by: left out."""

    model_config = ConfigDict(frozen=True)

    region: str = "61.12"
    status: str = "draft"
    person: str = ""
    pages: tuple[Page, ...] = ()
    by: str = ""


def notes(store: Store) -> Repository[Note]:
    """The notes of a store."""
    return Repository(store, NOTE, Note, "missing")


async def owed_entries(store: Store) -> list[dict[str, Any]]:
    """The entries that are owed, in the order of their documents."""
    found = []
    async for stored in store.dump(NOTE.name):
        found += [each for each in stored["outbox"] if each["type"] == AUDIT]
    return found


async def filed(store: Store, wanted: AuditFilter | None = None) -> list[dict[str, Any]]:
    """The entries of the log, decoded."""
    return [each.value async for each in AuditLog(store).entries(wanted or AuditFilter())]


async def put(store: Store, day: str, id: str, number: int = 1) -> None:
    """An entry that was filed on that day."""
    digits = f"{number:016d}"
    entry = {
        "at": f"{day}T08:00:00.000Z",
        "document": f"note/{id}",
        "region": "",
        "sequence": digits,
        "what": "changed",
        "changes": [],
    }
    state = {"region": "", "document": f"note/{id}", "entry": canonical(entry)}
    await store.keep(ENTRY.name, {f"{day}/note/{id}/{digits}": state})
