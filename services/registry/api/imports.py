"""The routes of imports: a table is sent, its report is read, templates are downloaded."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from functools import partial
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response

from services.registry.agencies.agency import Agency
from services.registry.api.parameters import IdInPath
from services.registry.evidence.attachment import plain_name
from services.registry.imports.composition import ImportParts
from services.registry.imports.document import TableImport
from services.registry.imports.downloads import agency_names, template_of
from services.registry.imports.views import ImportAnswer, ImportFindings, Imports
from shared.auth.policy import Principal, Role
from shared.contracts.fields import Id, RegionCode
from shared.faults import Flaw, Invalid
from shared.storage.repository import Repository, Versioned
from shared.storage.stored import Fingerprint
from shared.tables import workbook
from shared.tables.report_files import write_report
from shared.tables.writing import CSV_TYPE
from shared.web.download import FileGenerator, file_answer
from shared.web.paging import paged
from shared.web.preconditions import IdempotencyKey, etag, idempotent_id
from shared.web.routes import After, Limit, Routes, Who, created, get, post
from shared.web.upload import UPLOAD_BODY, Upload


class ImportSheet(StrEnum):
    """The sheets that the registry imports. Contacts are imported by notifications."""

    AGENCIES = "agencies"
    INNOVATIONS = "innovations"
    COMMITMENTS = "commitments"


class TemplateSheet(StrEnum):
    """The sheets of a template; all: a workbook with each of them."""

    AGENCIES = "agencies"
    INNOVATIONS = "innovations"
    COMMITMENTS = "commitments"
    CONTACTS = "contacts"
    OFFICIAL = "official"
    AWARDS = "awards"
    ALL = "all"


class ReportFormat(StrEnum):
    """The formats of a report."""

    XLSX = "xlsx"
    CSV = "csv"


RegionInQuery = Annotated[RegionCode, Query(description="The region of the table.", examples=["61.12"])]


class ImportRoutes(Routes):
    """Routes for `/imports`."""

    prefix = "/imports"
    tag = "imports"

    def __init__(self, parts: ImportParts, agencies: Repository[Agency]) -> None:
        self._parts = parts
        self._agencies = agencies
        self._files = FileGenerator()

    @get("", Role.CURATOR, response_model=Imports)
    async def list_imports(
        self, *, who: Who, request: Request, response: Response, limit: Limit = 50, after: After = None
    ) -> dict[str, Any]:
        """The imports of the region, the newest first."""
        page = await self._parts.imports.list(
            {"region": who.region or ""}, limit=limit, after=after, sort=(("at", -1),)
        )
        return paged(request, response, [ImportAnswer.of(each) for each in page.items], page.after)

    @post("", Role.CURATOR, status_code=201, openapi_extra=UPLOAD_BODY)
    async def import_table(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        region: RegionInQuery,
        sheet: Annotated[ImportSheet, Query(description="The sheet of the file that is read; others are left alone.")],
        dry_run: Annotated[bool, Query(description="Only check the table and report.")] = False,
        agencies_from: Annotated[
            Id | None,
            Query(description="Of a dry run: an import of agencies, also a dry run; its agencies count as known."),
        ] = None,
    ) -> ImportAnswer:
        """Import a table: CSV (UTF-8, UTF-16 or Windows-1252; comma, semicolon or tab) or XLSX, at most 32 MB and
        10,000 rows. The file is read and applied after the answer: follow the import by its id. With one error in any
        row, nothing is applied. An empty cell leaves what is stored; the same table again changes nothing. In a dry run
        the agencies of the same file count as known."""
        who.require_region(region)
        await self._require_agencies_from(region, agencies_from, dry_run=dry_run)
        await self._parts.regions.get(region)
        upload = Upload(request)
        stored, size = await self._parts.kept.keep(upload.chunks())
        id = idempotent_id(who, key)
        text = f"{region}\0{sheet}\0{dry_run}\0{stored.digest}" + (f"\0{agencies_from}" if agencies_from else "")
        body = hashlib.sha256(text.encode()).hexdigest()
        made = TableImport(
            region=region,
            sheet=sheet.value,
            digest=stored.digest,
            size=size,
            name=plain_name(upload.name, "text/csv"),
            dry_run=dry_run,
            agencies_from=agencies_from,
            at=self._parts.clock.now(),
            by=who.id,
            created_by_body=body,
        )
        found = await self._parts.imports.create(id, made, fingerprint=Fingerprint(body, body))
        self._parts.runner.woken.set()
        created(request, response, f"imports/{id}", found.sequence)
        return ImportAnswer.of(found)

    @get("/{id}", Role.CURATOR)
    async def read_import(self, *, who: Who, response: Response, id: IdInPath) -> ImportAnswer:
        """An import: its status, its progress and its counts."""
        found = await self._readable(who, id)
        etag(response, found.sequence)
        return ImportAnswer.of(found)

    @get("/{id}/findings", Role.CURATOR, response_model=ImportFindings)
    async def list_findings(
        self, *, who: Who, request: Request, response: Response, id: IdInPath, limit: Limit = 50, after: After = None
    ) -> dict[str, Any]:
        """The report, row by row: what is wrong, and (`note`) what was noticed."""
        await self._readable(who, id)
        items, following = await self._parts.reports.page(id, limit, after)
        return paged(request, response, list(items), following)

    @get("/{id}/report.{format}", Role.CURATOR, **file_answer(workbook.MEDIA_TYPE, CSV_TYPE))
    async def download_report(
        self, *, who: Who, id: IdInPath, format: Annotated[ReportFormat, Path(description="xlsx or csv.")]
    ) -> Response:
        """The whole report as a file."""
        await self._readable(who, id)
        findings = [each async for each in self._parts.reports.all(id)]
        media_type = workbook.MEDIA_TYPE if format is ReportFormat.XLSX else CSV_TYPE
        write = partial(write_report, findings, workbook=format is ReportFormat.XLSX)
        return await self._files.send(who, f"laporan-impor.{format}", media_type, write)

    @get("/templates/{sheet}.xlsx", Role.CURATOR, **file_answer(workbook.MEDIA_TYPE))
    async def download_template(
        self, *, who: Who, sheet: Annotated[TemplateSheet, Path(description="Which sheet, or `all`.")]
    ) -> Response:
        """A template with the titles of the columns, what to write under them, and lists to choose from; the names of
        the region's agencies are among them."""
        names = await agency_names(self._agencies, who.region or "")

        async def write(path: FilePath) -> None:
            template_of(path, None if sheet is TemplateSheet.ALL else sheet.value, names)

        return await self._files.send(who, f"templat-{sheet}.xlsx", workbook.MEDIA_TYPE, write)

    async def _require_agencies_from(self, region: str, id: str | None, *, dry_run: bool) -> None:
        if id is None:
            return
        found = await self._parts.imports.find(id)
        if found is None or found.value.region != region or found.value.sheet != ImportSheet.AGENCIES.value:
            raise Invalid([Flaw("agencies_from", "unknown", "bukan impor perangkat daerah dari daerah ini")])
        if not dry_run:
            raise Invalid([Flaw("agencies_from", "dry-run-only", "hanya untuk uji coba, dry_run=true")])

    async def _readable(self, who: Principal, id: str) -> Versioned[TableImport]:
        found = await self._parts.imports.get(id)
        if not who.may_see_region(found.value.region):
            raise self._parts.imports.missing()
        return found
