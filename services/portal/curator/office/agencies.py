"""The region's agencies: `/kurator/kantor/opd`. Register, correct, close and reopen."""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import Response

from services.portal.choice.choice import AgencyChoice
from services.portal.curator.office.agency_form import NAMES, AgencyForm, Wrong
from services.portal.curator.office.sending import REFUSED, sent
from services.portal.curator.work.desk import Desk, Here
from services.portal.curator.work.entered import day_of
from services.portal.curator.work.words import KIND, choices
from services.portal.model.views.region import AgencyView
from services.portal.owners.caught_up import done
from services.portal.owners.reading import version
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form, form_of
from services.portal.pages.language import N_, _
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.routes import Routes, get, post

HOME = "/kurator/kantor/opd"
_PAGE = 100
SENTENCES = {Wrong.EMPTY: N_("Wajib diisi."), Wrong.YEAR: N_("Tulis tahun dengan empat angka.")}


class AgencyPages(Routes):
    """The list comes from the read model; a command goes to the registry."""

    prefix = HOME

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def all(self, request: Request) -> Response:
        """Every agency of the region, also closed ones."""
        here = await self._desk.here(request)
        page = await self._desk.model.agencies(here.region, request.query_params.get("after"), _PAGE)
        parents = await self._desk.model.agencies_by_id({each.parent for each in page.items if each.parent})
        names = {id: each.name for id, each in parents.items()}
        return await self._desk.pages(
            request,
            "curator/office/agencies.html",
            agencies=page.items,
            more=page.after,
            query={},
            away=False,
            names=names,
            kinds=dict(choices(KIND)),
            fresh=self._desk.model.freshness(),
            zone=here.zone,
        )

    @get("/baru", Role.CURATOR)
    async def blank(self, request: Request) -> Response:
        """The form of a new one."""
        here = await self._desk.here(request)
        form = AgencyForm(obliged_from=str(here.today.year))
        return await self._page(request, here, form, Errors(), key=secrets.token_hex(16))

    @post("/baru", Role.CURATOR)
    async def register(self, request: Request) -> Response:
        """Register it."""
        here = await self._desk.here(request)
        fields = form_of(request)
        parent, key = await self._other(here, fields, "induk"), fields.text("kunci") or secrets.token_hex(16)
        form = AgencyForm.of({**fields.values(), "induk": parent.id})
        if errors := _errors(form, parent):
            return await self._page(request, here, form, errors, REFUSED, key=key, parent=parent)
        registry = self._desk.owners.registry(here.session)
        outcome = await sent(registry.post("/agencies", {**form.body(), "region": here.region}, key=key), NAMES)
        if outcome.answer is None:
            return await self._page(request, here, form, outcome.errors, outcome.status, key=key, parent=parent)
        said = _("%(name)s terdaftar.") % {"name": form.name}
        subject = f"agency/{outcome.answer.body['id']}"
        return redirect(HOME, await done(self._desk.model, subject, outcome.answer, said))

    @get("/{id}", Role.CURATOR)
    async def edit(self, request: Request, id: str) -> Response:
        """One agency: its form, and how it is closed."""
        here = await self._desk.here(request)
        agency = await self._agency(here, id)
        return await self._page(request, here, AgencyForm.stored(agency), Errors(), agency=agency)

    @post("/{id}", Role.CURATOR)
    async def correct(self, request: Request, id: str) -> Response:
        """Change name, kind, first year or parent."""
        here = await self._desk.here(request)
        agency, fields = await self._agency(here, id), form_of(request)
        parent = await self._other(here, fields, "induk", agency)
        form = AgencyForm.of({**fields.values(), "induk": parent.id})
        if errors := _errors(form, parent):
            return await self._page(request, here, form, errors, REFUSED, agency=agency, parent=parent)
        registry = self._desk.owners.registry(here.session)
        outcome = await sent(registry.put(f"/agencies/{id}", form.body(), version=_version(fields)), NAMES)
        if outcome.answer is None:
            status = outcome.status
            return await self._page(request, here, form, outcome.errors, status, agency=agency, parent=parent)
        said = _("%(name)s disimpan.") % {"name": form.name}
        return redirect(HOME, await done(self._desk.model, f"agency/{id}", outcome.answer, said))

    @post("/{id}/tutup", Role.CURATOR)
    async def retire(self, request: Request, id: str) -> Response:
        """Close it from a day on."""
        here = await self._desk.here(request)
        agency, fields = await self._agency(here, id), form_of(request)
        form, day, errors = AgencyForm.stored(agency), day_of(fields.text("hari")), Errors()
        heir = await self._other(here, fields, "penerus", agency)
        heir.check(errors, required=False)
        if day is None:
            errors["hari"] = _("Pilih harinya.")
        if errors or day is None:
            return await self._page(request, here, form, errors, REFUSED, agency=agency, heir=heir, closing=fields)
        body = {"retired_on": day.isoformat(), **({"successor": heir.id} if heir.id else {})}
        names = {"retired_on": "hari", "successor": "penerus"}
        registry = self._desk.owners.registry(here.session)
        outcome = await sent(registry.post(f"/agencies/{id}/retire", body, version=_version(fields)), names)
        if outcome.answer is None:
            return await self._page(
                request, here, form, outcome.errors, outcome.status, agency=agency, heir=heir, closing=fields
            )
        said = _("%(name)s ditutup.") % {"name": agency.name}
        return redirect(HOME, await done(self._desk.model, f"agency/{id}", outcome.answer, said))

    @post("/{id}/buka", Role.CURATOR)
    async def reinstate(self, request: Request, id: str) -> Response:
        """Undo the closing."""
        here = await self._desk.here(request)
        agency, fields = await self._agency(here, id), form_of(request)
        registry = self._desk.owners.registry(here.session)
        outcome = await sent(registry.post(f"/agencies/{id}/reinstate", version=_version(fields)))
        if outcome.answer is None:
            form = AgencyForm.stored(agency)
            return await self._page(request, here, form, outcome.errors, outcome.status, agency=agency)
        said = _("%(name)s dibuka kembali.") % {"name": agency.name}
        return redirect(HOME, await done(self._desk.model, f"agency/{id}", outcome.answer, said))

    async def _agency(self, here: Here, id: str) -> AgencyView:
        """Raises NotFound, also for an agency of another region."""
        agency = await self._desk.model.agency(id)
        if agency is None or agency.region != here.region:
            raise NotFound
        return agency

    async def _other(self, here: Here, fields: Form, name: str, agency: AgencyView | None = None) -> AgencyChoice:
        """The choice of a parent or a successor of this one."""
        now = (agency.parent or "") if agency and name == NAMES["parent"] else ""
        own = agency.id if agency else ""
        return await self._desk.agencies.of(here.region, fields, name, now=now, also=(now,), without=own)

    async def _page(
        self,
        request: Request,
        here: Here,
        form: AgencyForm,
        errors: Errors,
        status: int = 200,
        *,
        agency: AgencyView | None = None,
        key: str = "",
        parent: AgencyChoice | None = None,
        heir: AgencyChoice | None = None,
        closing: Form | None = None,
    ) -> Response:
        nothing = Form(())
        return await self._desk.pages(
            request,
            "curator/office/agency.html",
            status,
            form=form,
            errors=errors,
            agency=agency,
            version=version(agency.sequence) if agency else "",
            key=key,
            kinds=choices(KIND),
            parent=parent or await self._other(here, nothing, "induk", agency),
            closing=closing,
            heir=heir or (await self._other(here, nothing, "penerus", agency) if agency else None),
            today=here.today,
        )


def _version(fields: Form) -> str:
    """What the person has seen."""
    return fields.text("versi")


def _errors(form: AgencyForm, parent: AgencyChoice) -> Errors:
    errors = Errors({field: _(SENTENCES[wrong]) for field, wrong in form.wrong.items()})
    parent.check(errors, required=False)
    return errors
