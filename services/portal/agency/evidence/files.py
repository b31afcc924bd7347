"""The files of an indicator: uploaded through the portal while they arrive, described, read, removed, pre-checked."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.agency.desk import Desk
from services.portal.agency.editing.retrying import on_newest
from services.portal.agency.evidence.passing import passed_on, with_file
from services.portal.agency.evidence.precheck import Precheck
from services.portal.agency.innovation.detail import Innovation
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.pages.context import is_partial
from services.portal.pages.flash import redirect
from services.portal.pages.forms import FILE_FORM, form_of
from services.portal.pages.language import _
from services.portal.pages.reading import day_of, line_of
from services.portal.pages.session import signed_in
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.routes import Routes, get, post

_MOST_NUMBER, _MOST_SUBJECT = 120, 500  # characters


class RowFilePages(Routes):
    """Below a row's page."""

    prefix = "/opd/inovasi/{id}/bukti/{row}/berkas"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @post("", Role.AGENCY, **FILE_FORM)
    async def upload(self, request: Request, id: str, row: str) -> Response:
        """Pass a file on to the registry, which judges and keeps it."""
        registry = self._desk.owners.registry(signed_in(request))
        here = f"/opd/inovasi/{id}/bukti/{row}"
        outcome = await with_file(request, registry, "POST", id, f"/innovations/{id}/evidence/{row}/files")
        if outcome.refused:
            return redirect(f"{here}?dari={row}#berkas", outcome.refused, "warning")
        text = _("Berkas “%(name)s” terunggah. Isi nomor, tanggal, dan perihalnya.") % {"name": outcome.name}
        return redirect(f"{here}?dari={row}#berkas", text)

    @get("/{digest}", Role.AGENCY)
    async def read(self, request: Request, id: str, row: str, digest: str) -> Response:
        """The file, passed on while it arrives."""
        registry = self._desk.owners.registry(signed_in(request))
        return await passed_on(registry, f"/innovations/{id}/evidence/{row}/files/{digest}")

    @post("/{digest}", Role.AGENCY)
    async def describe(self, request: Request, id: str, row: str, digest: str) -> Response:
        """Set number, date and subject of the letter that the file is of."""
        form, client = form_of(request), self._desk.innovation(signed_in(request), id)
        here = f"/opd/inovasi/{id}/bukti/{row}#berkas"
        try:
            letter = {
                "number": line_of(form, "number", _MOST_NUMBER),
                "dated": day_of(form, "dated"),
                "subject": line_of(form, "subject", _MOST_SUBJECT),
            }
            await on_newest(client, lambda it: client.describe(it, row, digest, letter))
        except (ValueError, OwnerProblem) as problem:
            flaws = problem.flaws if isinstance(problem, OwnerProblem) else []
            text = "; ".join(each["message"] for each in flaws) or str(problem)
            return redirect(here, _("Keterangan surat belum tersimpan: %(why)s.") % {"why": text}, "warning")
        stored = f"/opd/inovasi/{id}/bukti/{row}?dari={row}/{digest[:12]}#berkas"
        return redirect(stored, _("Keterangan surat tersimpan."))

    @post("/{digest}/hapus", Role.AGENCY)
    async def remove(self, request: Request, id: str, row: str, digest: str) -> Response:
        """Remove the file from the row."""
        client = self._desk.innovation(signed_in(request), id)

        async def detach(read: Innovation) -> Innovation:
            known = read.evidence.get(row)
            if known is None or all(each.digest != digest for each in known.files):
                return read
            return await client.detach(read, row, digest)

        await on_newest(client, detach)
        return redirect(f"/opd/inovasi/{id}/bukti/{row}#berkas", _("Berkas sudah dihapus."))

    @get("/{digest}/periksa", Role.AGENCY)
    async def precheck(self, request: Request, id: str, row: str, digest: str) -> Response:
        """What the file's text says of the letter that was declared: a hint, never a verdict."""
        registry = self._desk.owners.registry(signed_in(request))
        found, away = None, False
        try:
            answer = await registry.get(f"/innovations/{id}/evidence/{row}/files/{digest}/precheck")
            found = Precheck.model_validate(answer.body["precheck"])
        except OwnerAway:
            away = True
        except OwnerProblem as problem:
            raise NotFound(problem.detail) from problem
        template = "agency/parts/precheck.html" if is_partial(request) else "agency/precheck_page.html"
        here = f"/opd/inovasi/{id}/bukti/{row}"
        return await self._desk.pages(
            request, template, found=found, away=away, digest=digest, here=here, href=f"{here}/berkas/{digest}/periksa"
        )
