"""Signed commitments of agencies, and what came of each promise: `/kurator/kantor/perjanjian`."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.choice.choice import AgencyChoice
from services.portal.curator.office.commitment_form import CommitmentForm, Wrong
from services.portal.curator.office.sending import REFUSED, sent
from services.portal.curator.work.desk import Desk, Here
from services.portal.model.views.innovation import InnovationQuery
from services.portal.owners.answers import Answer, OwnerProblem
from services.portal.owners.multipart import Multipart
from services.portal.owners.passed_files import saved_file
from services.portal.owners.reading import unless_away, version
from services.portal.pages.flash import redirect
from services.portal.pages.forms import FILE_FORM, Errors, Form, form_of
from services.portal.pages.language import N_, _
from services.portal.pages.upload import FileForm
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.routes import Routes, get, post

HOME = "/kurator/kantor/perjanjian"
NOT_FOUND = 404
NAMES = {"agency": "opd", "year": "tahun", "number": "nomor", "dated": "tanggal", "promises": "janji-0"}
SENTENCES = {
    Wrong.EMPTY: N_("Wajib diisi."),
    Wrong.YEAR: N_("Tulis tahun dengan empat angka."),
    Wrong.DAY: N_("Pilih tanggal perjanjian."),
    Wrong.PROMISE: N_("Tulis paling sedikit satu inovasi yang dijanjikan."),
}
_PAGE, _INNOVATIONS = 100, 200


class CommitmentPages(Routes):
    """List, record, correct, and the signed paper."""

    prefix = HOME

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def all(self, request: Request) -> Response:
        """Those of a year, with what came of them."""
        here = await self._desk.here(request)
        year, after = here.year(request), request.query_params.get("after")
        owner = self._desk.owners.registry(here.session)
        found = await unless_away(owner.get("/commitments", year=year, limit=_PAGE, after=after))
        items = found.body["items"] if found else []
        agencies = await self._desk.model.agencies_by_id({each["agency"] for each in items})
        return await self._desk.pages(
            request,
            "curator/office/commitments.html",
            away=found is None,
            items=items,
            more=found.body["next"] if found else None,
            query={"tahun": year},
            names={id: each.name for id, each in agencies.items()},
            year=year,
            years=[(each, each) for each in here.years],
        )

    @get("/baru", Role.CURATOR)
    async def ask(self, request: Request) -> Response:
        """An empty form."""
        here = await self._desk.here(request)
        agency = await self._desk.agencies.of(here.region, Form(request.query_params.multi_items()))
        form = CommitmentForm(agency.id, str(here.year(request)), "", "", ())
        return await self._page(request, here, form, agency.errors, agency=agency)

    @post("/baru", Role.CURATOR)
    async def record(self, request: Request) -> Response:
        """Record it."""
        here = await self._desk.here(request)
        fields = form_of(request)
        agency = await self._desk.agencies.of(here.region, fields)
        form = CommitmentForm.of({**fields.values(), "opd": agency.id})
        errors = _errors(form)
        agency.check(errors)
        if errors:
            return await self._page(request, here, form, errors, REFUSED, agency=agency)
        body = {**form.terms(), "agency": form.agency, "year": int(form.year)}
        outcome = await sent(self._desk.owners.registry(here.session).post("/commitments", body), NAMES | form.names)
        if outcome.answer is None:
            return await self._page(request, here, form, outcome.errors, outcome.status, agency=agency)
        return redirect(f"{HOME}?tahun={form.year}", _("Perjanjian dicatat."))

    @get("/{agency}/{year}", Role.CURATOR)
    async def edit(self, request: Request, agency: str, year: int) -> Response:
        """One commitment."""
        here = await self._desk.here(request)
        found = await self._commitment(here, agency, year)
        return await self._page(request, here, CommitmentForm.stored(found.body), Errors(), found=found)

    @post("/{agency}/{year}", Role.CURATOR)
    async def correct(self, request: Request, agency: str, year: int) -> Response:
        """Correct it, name what came of a promise, give one up, or revoke the whole."""
        here = await self._desk.here(request)
        fields, found = form_of(request), await self._commitment(here, agency, year)
        form = CommitmentForm.of({**fields.values(), "opd": agency, "tahun": str(year)})
        if form.wrong:
            return await self._page(request, here, form, _errors(form), REFUSED, found=found)
        owner = self._desk.owners.registry(here.session)
        command = owner.put(f"/commitments/{agency}/{year}", form.terms(), version=fields.text("versi"))
        outcome = await sent(command, NAMES | form.names)
        if outcome.answer is None:
            return await self._page(request, here, form, outcome.errors, outcome.status, found=found)
        return redirect(f"{HOME}?tahun={year}", _("Perjanjian disimpan."))

    @post("/{agency}/{year}/berkas", Role.CURATOR, **FILE_FORM)
    async def upload(self, request: Request, agency: str, year: int) -> Response:
        """The signed paper, passed on while it arrives."""
        here = await self._desk.here(request)
        file, found = await FileForm.read(request), await self._commitment(here, agency, year)
        form, errors = CommitmentForm.stored(found.body), Errors()
        if not file.name:
            errors["berkas"] = _("Pilih berkas PDF atau foto.")
            return await self._page(request, here, form, errors, REFUSED, found=found)
        owner, path = self._desk.owners.registry(here.session), f"/commitments/{agency}/{year}/file"
        paper = Multipart(file.name, file.chunks(), file.media_type)
        outcome = await sent(owner.send_file("PUT", path, paper, version=file.form.text("versi")), {"file": "berkas"})
        if outcome.answer is None:
            return await self._page(request, here, form, outcome.errors, outcome.status, found=found)
        return redirect(f"{HOME}/{agency}/{year}", _("Berkas perjanjian disimpan."))

    @get("/{agency}/{year}/berkas", Role.CURATOR)
    async def paper(self, request: Request, agency: str, year: int) -> Response:
        """The signed paper."""
        here = await self._desk.here(request)
        return await saved_file(self._desk.owners.registry(here.session), f"/commitments/{agency}/{year}/file")

    async def _commitment(self, here: Here, agency: str, year: int) -> Answer:
        """Raises NotFound."""
        try:
            return await self._desk.owners.registry(here.session).get(f"/commitments/{agency}/{year}")
        except OwnerProblem as problem:
            if problem.status == NOT_FOUND:
                raise NotFound from problem
            raise

    async def _page(
        self,
        request: Request,
        here: Here,
        form: CommitmentForm,
        errors: Errors,
        status: int = 200,
        *,
        found: Answer | None = None,
        agency: AgencyChoice | None = None,
    ) -> Response:
        innovations = []
        if found is not None:
            wanted = InnovationQuery(region=here.region, agency=found.body["agency"])
            page = await self._desk.model.innovations(wanted, limit=_INNOVATIONS)
            innovations = [(each.id, f"{each.name} ({each.year})") for each in page.items if each.name]
        return await self._desk.pages(
            request,
            "curator/office/commitment.html",
            status,
            form=form,
            errors=errors,
            it=found.body if found else None,
            version=version(found.body["sequence"]) if found else "",
            agency=agency,
            name=(await self._desk.agencies.names((form.agency,))).get(form.agency, "") if found else "",
            innovations=innovations,
        )


def _errors(form: CommitmentForm) -> Errors:
    return Errors({field: _(SENTENCES[wrong]) for field, wrong in form.wrong.items()})
