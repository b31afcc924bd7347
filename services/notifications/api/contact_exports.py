"""The route by which contacts are taken out as a table: personal data, for those who see it in full anyway."""

from __future__ import annotations

from collections.abc import AsyncIterator
from enum import StrEnum
from functools import partial
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import Path, Query, Response

from services.notifications.contacts.contact import Contact
from services.notifications.contacts.lists import ContactLists
from services.notifications.contacts.table.written import contact_row, written_names
from services.notifications.known import KnownFacts
from shared.auth.policy import Principal, Role
from shared.contracts.fields import RegionCode
from shared.ports.store import Store
from shared.storage.repository import Versioned
from shared.tables import workbook
from shared.tables.columns import CONTACTS
from shared.tables.writing import CSV_TYPE, csv_lines, write_workbook
from shared.web.download import FileGenerator, file_answer
from shared.web.routes import Routes, Who, get

_PAGE = 200
_READERS = (Role.AGENCY, Role.CURATOR)


class TableFormat(StrEnum):
    """A workbook for people; CSV for other programmes."""

    XLSX = "xlsx"
    CSV = "csv"


class ContactExportRoutes(Routes):
    """Routes for `/exports`."""

    prefix = "/exports"
    tag = "contacts"

    def __init__(self, store: Store, known_facts: KnownFacts) -> None:
        self._lists = ContactLists(store)
        self._known_facts = known_facts
        self._generator = FileGenerator()

    @get("/contacts.{format}", *_READERS, summary="Tabel kontak", **file_answer(workbook.MEDIA_TYPE, CSV_TYPE))
    async def export_contacts(
        self,
        *,
        who: Who,
        format: Annotated[TableFormat, Path(description="xlsx or csv.")],
        region: Annotated[RegionCode, Query(description="Whose contacts.", examples=["61.12"])],
    ) -> Response:
        """The contacts in full, in the columns that imports read, with their ids: imported again they change nothing. A
        curator gets those of the region, an agency's account those of its own agencies."""
        who.require_region(region)
        write = partial(self._write, who, region, format)
        media_type = workbook.MEDIA_TYPE if format is TableFormat.XLSX else CSV_TYPE
        return await self._generator.send(who, f"contacts-{region}.{format}", media_type, write)

    async def _write(self, who: Principal, region: str, format: TableFormat, path: FilePath) -> None:
        names = written_names([each.value async for each in self._known_facts.agencies(region)])
        found = [each async for each in self._contacts(who, region)]
        found.sort(key=lambda each: (each.value.name.casefold(), each.id))
        rows = [contact_row(each, names) for each in found]
        if format is TableFormat.XLSX:
            write_workbook(path, [(CONTACTS, rows)])
        else:
            path.write_bytes(b"".join(csv_lines(CONTACTS, rows)))  # noqa: ASYNC240 - a local file

    async def _contacts(self, who: Principal, region: str) -> AsyncIterator[Versioned[Contact]]:
        after: str | None = None
        while True:
            if who.role is Role.AGENCY:
                page = await self._lists.of_agencies(
                    who.agencies, region, role=None, closed=None, limit=_PAGE, after=after
                )
            else:
                page = await self._lists.of_region(region, role=None, closed=None, limit=_PAGE, after=after)
            for each in page.items:
                yield each
            after = page.after
            if after is None:
                return
