"""Tables are brought in: `/kurator/kantor/impor`. First a trial with a report for each row, then for good."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.portal.curator.office.table_sending import TableSending
from services.portal.curator.office.tables import (
    FOLLOWED,
    REGISTRY,
    TITLES,
    Report,
    Sheet,
    place_of,
    report_of,
)
from services.portal.curator.work.desk import Desk, Here
from services.portal.curator.work.entered import year_of
from services.portal.owners.answers import Answer, OwnerProblem
from services.portal.owners.client import OwnerClient
from services.portal.owners.passed_files import saved_file
from services.portal.owners.reading import unless_away
from services.portal.pages.flash import redirect
from services.portal.pages.forms import FILE_FORM, Errors, Form, chosen
from services.portal.pages.language import _
from services.portal.pages.upload import FileForm
from shared.auth.policy import Role
from shared.faults import NotFound, TooLarge
from shared.web.routes import Routes, get, post

NOT_FOUND, REFUSED = 404, 422
APPLY = "terapkan"
_PAGE = 100  # findings
_LISTED = 10  # imports


class ImportPages(Routes):
    """The form, and the reports."""

    prefix = "/kurator/kantor/impor"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def choose(self, request: Request) -> Response:
        """Choose a table and its file; the last imports."""
        here = await self._desk.here(request)
        return await self._form(request, here, Form(()), Errors())

    @post("", Role.CURATOR, **FILE_FORM)
    async def send(self, request: Request) -> Response:
        """Send the table; the report follows."""
        here = await self._desk.here(request)
        file = await FileForm.read(request)
        form, errors = file.form, Errors()
        sheet = chosen(form.text("tabel"), list(Sheet))
        if sheet is None:
            errors["tabel"] = _("Pilih jenis tabel.")
        if not file.name:
            errors["berkas"] = _("Pilih berkas Excel atau CSV.")
        if sheet is None or errors:
            return await self._form(request, here, form, errors, REFUSED)
        of, dry_run = Sheet(sheet), form.text("cara") != APPLY
        year = year_of(form.text("tahun"), here.today.year)
        sending = TableSending(self._desk.owners, here.session, here.region)
        try:
            answer = await sending.send(of, file, form.text("kunci") or secrets.token_hex(16), year, dry_run=dry_run)
        except TooLarge:
            errors["berkas"] = _("Berkas ini terlalu besar. Bagi menjadi beberapa berkas.")
            return await self._form(request, here, form, errors, REFUSED)
        except OwnerProblem as problem:
            errors["berkas"] = problem.flaws[0]["message"] if problem.flaws else problem.detail
            return await self._form(request, here, form, errors, problem.status)
        if of in FOLLOWED:
            return redirect(f"/kurator/kantor/impor/{of.value}/{answer.body['id']}")
        findings = answer.body.get("findings") or []
        return await self._report(request, here, report_of(of, answer.body), findings, None)

    @get("/contoh/{sheet}.xlsx", Role.CURATOR)
    async def template(self, request: Request, sheet: str) -> Response:
        """An empty table with its columns explained."""
        here = await self._desk.here(request)
        if chosen(sheet, [*Sheet, "all"]) is None:
            raise NotFound
        return await saved_file(self._desk.owners.registry(here.session), f"/imports/templates/{sheet}.xlsx")

    @get("/{sheet}/{id}", Role.CURATOR)
    async def follow(self, request: Request, sheet: str, id: str) -> Response:
        """The report of an import; it is asked for again while the import goes on."""
        here = await self._desk.here(request)
        of = _followed(sheet)
        owner = self._owner(here, of)
        answer = await _read(owner, place_of(of, id))
        after = request.query_params.get("after")
        found = await _read(owner, f"{place_of(of, id)}/findings", limit=_PAGE, after=after)
        rows, more = found.body.get("items") or [], found.body.get("next")
        return await self._report(request, here, report_of(of, answer.body), rows, more)

    @get("/{sheet}/{id}/laporan.{kind}", Role.CURATOR)
    async def report(self, request: Request, sheet: str, id: str, kind: str) -> Response:
        """The whole report as a file."""
        here = await self._desk.here(request)
        of = _followed(sheet)
        if chosen(kind, ["xlsx", "csv"]) is None:
            raise NotFound
        return await saved_file(self._owner(here, of), f"{place_of(of, id)}/report.{kind}")

    async def _form(self, request: Request, here: Here, form: Form, errors: Errors, status: int = 200) -> Response:
        registry = self._desk.owners.registry(here.session)
        past = await unless_away(registry.get("/imports", limit=_LISTED))
        return await self._desk.pages(
            request,
            "curator/office/imports.html",
            status,
            form=form,
            errors=errors,
            key=form.text("kunci") or secrets.token_hex(16),
            sheets=[(each.value, _(title)) for each, title in TITLES.items()],
            year=form.text("tahun") or here.today.year,
            past=None if past is None else _past(past),
            zone=here.zone,
        )

    async def _report(
        self, request: Request, here: Here, report: Report, findings: list[dict[str, Any]], more: str | None
    ) -> Response:
        return await self._desk.pages(
            request,
            "curator/office/import.html",
            report=report,
            title=_(TITLES[report.sheet]),
            counts=[(_(word), count) for word, count in report.counts],
            findings=findings,
            more=more,
            turn=int(turn) if (turn := request.query_params.get("turn", "")).isdecimal() and len(turn) < 4 else 0,  # noqa: PLR2004 - at most 30
            followed=bool(report.id),
            zone=here.zone,
        )

    def _owner(self, here: Here, sheet: Sheet) -> OwnerClient:
        owners = self._desk.owners
        return owners.registry(here.session) if sheet in REGISTRY else owners.notifications(here.session)


def _followed(sheet: str) -> Sheet:
    if sheet not in FOLLOWED:
        raise NotFound
    return Sheet(sheet)


async def _read(owner: OwnerClient, path: str, **query: str | int | None) -> Answer:
    try:
        return await owner.get(path, **query)
    except OwnerProblem as problem:
        if problem.status == NOT_FOUND:
            raise NotFound from problem
        raise


def _past(answer: Answer) -> list[tuple[dict[str, Any], Report]]:
    return [(each, report_of(Sheet(each["sheet"]), each)) for each in answer.body.get("items") or []]
