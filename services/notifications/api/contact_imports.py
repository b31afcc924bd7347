"""The routes of imports of tables of contacts."""

from __future__ import annotations

import base64
import hashlib
from enum import StrEnum
from functools import partial
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response

from services.notifications.api.parameters import PersonInPath
from services.notifications.contacts.imports.document import ContactTable
from services.notifications.contacts.imports.runner import LONGEST_WAIT, ContactTableRunner
from services.notifications.contacts.imports.views import ContactTableAnswer, ContactTableFindings
from shared.auth.policy import Principal, Role
from shared.clock import Clock, machine_ms
from shared.contracts.fields import RegionCode
from shared.faults import Flaw, Invalid
from shared.storage.repository import Versioned
from shared.storage.stored import Fingerprint
from shared.tables import workbook
from shared.tables.report_files import write_report
from shared.tables.writing import CSV_TYPE
from shared.web.download import FileGenerator, file_answer
from shared.web.paging import paged
from shared.web.preconditions import IdempotencyKey, etag, idempotent_id
from shared.web.routes import After, Limit, Routes, Who, created, get, post

_FILE = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {
                "schema": {"type": "string"},
                "example": "nama,surel,opd\nPengelola,a@dinas.example,Dinas A\n",
            },
            workbook.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


class ReportFormat(StrEnum):
    """The formats of a report."""

    XLSX = "xlsx"
    CSV = "csv"


class ContactImportRoutes(Routes):
    """Routes for `/contacts/imports`."""

    prefix = "/contacts/imports"
    tag = "contacts"

    def __init__(self, runner: ContactTableRunner, clock: Clock) -> None:
        self._runner = runner
        self._clock = clock
        self._files = FileGenerator()

    @post("", Role.CURATOR, status_code=201, openapi_extra=_FILE)
    async def import_contact_table(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        region: Annotated[RegionCode, Query(description="The region of all contacts.", examples=["61.12"])],
        dry_run: Annotated[bool, Query(description="Only check the table and report.")] = False,
    ) -> ContactTableAnswer:
        """Import a table of contacts, CSV or XLSX, as offices have them: at most 2 MB and 10,000 rows. It is read and
        applied after the answer: follow the import by its id. A table that names an agency of which this service has
        not heard yet waits for it, for a quarter of an hour at most. With one error in any row, nothing is stored; the
        same table again changes nothing."""
        who.require_region(region)
        body = await request.body()
        if not body:
            raise Invalid([Flaw("body", "empty", "berkas kosong")])
        id, mark = idempotent_id(who, key), f"{region}\0{dry_run}\0".encode() + body
        digest = hashlib.sha256(mark).hexdigest()
        made = ContactTable(
            region=region,
            body=base64.b64encode(body).decode(),
            dry_run=dry_run,
            until=machine_ms() + int(LONGEST_WAIT.total_seconds() * 1000),
            at=self._clock.now(),
            by=who.id,
            created_by_body=digest,
        )
        found = await self._runner.tables.create(id, made, fingerprint=Fingerprint(digest, digest))
        self._runner.woken.set()
        created(request, response, f"contacts/imports/{id}", found.sequence)
        return ContactTableAnswer.of(found)

    @get("/{person}", Role.CURATOR)
    async def read_contact_table(self, *, who: Who, response: Response, person: PersonInPath) -> ContactTableAnswer:
        """An import of a table of contacts: its status and its counts."""
        found = await self._readable(who, person)
        etag(response, found.sequence)
        return ContactTableAnswer.of(found)

    @get("/{person}/findings", Role.CURATOR, response_model=ContactTableFindings)
    async def list_contact_findings(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        person: PersonInPath,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """The report, row by row."""
        await self._readable(who, person)
        items, following = await self._runner.reports.page(person, limit, after)
        return paged(request, response, list(items), following)

    @get("/{person}/report.{format}", Role.CURATOR, **file_answer(workbook.MEDIA_TYPE, CSV_TYPE))
    async def download_contact_report(
        self, *, who: Who, person: PersonInPath, format: Annotated[ReportFormat, Path(description="xlsx or csv.")]
    ) -> Response:
        """The whole report as a file."""
        await self._readable(who, person)
        findings = [each async for each in self._runner.reports.all(person)]
        is_workbook = format is ReportFormat.XLSX
        write = partial(write_report, findings, workbook=is_workbook)
        media_type = workbook.MEDIA_TYPE if is_workbook else CSV_TYPE
        return await self._files.send(who, f"laporan-kontak.{format}", media_type, write)

    async def _readable(self, who: Principal, id: str) -> Versioned[ContactTable]:
        found = await self._runner.tables.get(id)
        if not who.may_see_region(found.value.region):
            raise self._runner.tables.missing()
        return found
