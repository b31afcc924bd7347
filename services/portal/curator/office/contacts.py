"""The contacts of the region: `/kurator/kantor/kontak`. Lists are masked, and nothing of them is stored here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from services.portal.agency.contacts.contact import CHANNELS, ROLES, Contact, Notice, form_of, read
from services.portal.agency.contacts.pages import entered, told, tried
from services.portal.choice.choice import AgencyChoice
from services.portal.curator.work.desk import Desk, Here
from services.portal.owners.answers import Answer, OwnerProblem
from services.portal.owners.client import OwnerClient
from services.portal.owners.reading import unless_away
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form
from services.portal.pages.forms import form_of as sent_form
from services.portal.pages.language import N_, _
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.routes import Routes, get, post

HOME = "/kurator/kantor/kontak"
REGION_ROLES = {"curator": N_("Kurator daerah"), "executive": N_("Pimpinan (Sekda, kepala daerah)")}
ALL_ROLES = {**ROLES, **REGION_ROLES}
NOT_FOUND, INVALID, CONFLICT = 404, 422, 409
AGENCIES, ADDED = "agencies", "tambah"
_PAGE = 100


class CuratorContactPages(Routes):
    """List, create, correct, erase."""

    prefix = HOME

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def all(self, request: Request) -> Response:
        """The region's contacts, masked; of one agency with `?opd=`."""
        here = await self._desk.here(request)
        agency, after = await self._desk.agencies.of_query(here.region, request), request.query_params.get("after")
        query = {"agency": agency.id} if agency.id else {"region": here.region}
        found: Answer | None = Answer(200, {"items": [], "next": None})
        if not agency.problem:
            found = await unless_away(self._owner(here).get("/contacts", **query, limit=_PAGE, after=after))
        items = [Contact.model_validate(each) for each in found.body["items"]] if found else []
        names = await self._desk.agencies.names({id for each in items for id in each.agencies})
        return await self._desk.pages(
            request,
            "curator/office/contacts.html",
            away=found is None,
            contacts=items,
            more=found.body["next"] if found else None,
            query={"opd": agency.id} if agency.id else {},
            agency=agency,
            names=names,
            roles={value: _(words) for value, words in ALL_ROLES.items()},
        )

    @get("/baru", Role.CURATOR)
    async def new(self, request: Request) -> Response:
        """An empty form; `?opd=` chooses the agency."""
        here = await self._desk.here(request)
        agency = request.query_params.get("opd", "")
        shown = {"agencies": [agency] if agency else [], "key": [uuid4().hex], "role": ["officer"]}
        return await self._form(request, here, shown, Errors())

    @post("/baru", Role.CURATOR)
    async def create(self, request: Request) -> Response:
        """Create a contact. A form that is sent twice creates one."""
        here = await self._desk.here(request)
        (form, adding), errors, made = await self._sent(request, here), Errors(), None
        body = await self._read(here, form, errors, None, adding)
        if not errors:
            made = await tried(self._owner(here).post("/contacts", body, key=form.text("key")), errors)
        if made is None:
            return await self._form(request, here, entered(form), errors, adding=adding, status=INVALID)
        return redirect(HOME, told(_("Kontak tersimpan."), made))

    @get("/{person}", Role.CURATOR)
    async def contact(self, request: Request, person: str) -> Response:
        """The form of one contact, in full."""
        here = await self._desk.here(request)
        answer = await self._contact(here, person)
        contact = Contact.model_validate(answer.body)
        return await self._form(request, here, form_of(contact), Errors(), contact=contact, version=answer.etag)

    @post("/{person}", Role.CURATOR)
    async def correct(self, request: Request, person: str) -> Response:
        """Correct it, unless somebody else has just done so."""
        here = await self._desk.here(request)
        (form, adding), errors, changed = await self._sent(request, here), Errors(), None
        now = await self._contact(here, person)
        contact = Contact.model_validate(now.body)
        body = await self._read(here, form, errors, contact, adding)
        if not errors:
            owner = self._owner(here)
            changed = await tried(owner.put(f"/contacts/{person}", body, version=form.text("versi")), errors)
        if changed is None:
            status = CONFLICT if "" in errors else INVALID
            return await self._form(
                request, here, entered(form), errors, contact=contact, version=now.etag, adding=adding, status=status
            )
        return redirect(HOME, told(_("Perubahan kontak tersimpan."), changed))

    @get("/{person}/hapus", Role.CURATOR)
    async def ask_to_erase(self, request: Request, person: str) -> Response:
        """Ask before data are erased."""
        here = await self._desk.here(request)
        answer = await self._contact(here, person)
        contact = Contact.model_validate(answer.body)
        return await self._desk.pages(
            request, "agency/contact_erase.html", contact=contact, version=answer.etag, home=HOME
        )

    @post("/{person}/hapus", Role.CURATOR)
    async def erase(self, request: Request, person: str) -> Response:
        """Erase the person's data."""
        here = await self._desk.here(request)
        try:
            await self._owner(here).delete(f"/contacts/{person}", version=sent_form(request).text("versi"))
        except OwnerProblem as problem:
            if not problem.is_stale:
                raise
            text = _("Kontak ini baru saja diubah. Periksa dahulu, lalu hapus bila memang perlu.")
            return redirect(f"{HOME}/{person}/hapus", text, "warning")
        return redirect(HOME, _("Data kontak sudah dihapus."))

    def _owner(self, here: Here) -> OwnerClient:
        return self._desk.owners.notifications(here.session)

    async def _contact(self, here: Here, person: str) -> Answer:
        """Raises NotFound."""
        try:
            return await self._owner(here).get(f"/contacts/{person}")
        except OwnerProblem as problem:
            if problem.status == NOT_FOUND:
                raise NotFound from problem
            raise

    async def _notice(self, here: Here) -> Notice:
        return Notice.model_validate((await self._owner(here).get("/contacts/notice")).body)

    async def _sent(self, request: Request, here: Here) -> tuple[Form, AgencyChoice]:
        """The form with the agency that was looked for among its agencies."""
        form = sent_form(request)
        adding = await self._desk.agencies.of(here.region, form, ADDED)
        if adding.id and not adding.problem:
            form = Form([*((name, text) for name in form.values() for text in form.texts(name)), (AGENCIES, adding.id)])
        return form, adding

    async def _read(
        self, here: Here, form: Form, errors: Errors, before: Contact | None, adding: AgencyChoice
    ) -> dict[str, Any]:
        known = await self._desk.model.agencies_by_id({*form.texts(AGENCIES), *(before.agencies if before else ())})
        agencies = [id for id, each in known.items() if each.region == here.region]
        body = read(
            form,
            errors,
            region=here.region,
            agencies=agencies,
            notice=await self._notice(here),
            before=before,
            roles=ALL_ROLES,
        )
        if body["role"] in REGION_ROLES:
            body["agencies"] = []
        else:
            adding.check(errors, required=False)
            if not form.texts(AGENCIES):
                errors.setdefault(AGENCIES if adding.options else ADDED, _("Pilih perangkat daerahnya."))
        return body

    async def _form(
        self,
        request: Request,
        here: Here,
        form: Mapping[str, list[str]],
        errors: Errors,
        *,
        contact: Contact | None = None,
        version: str = "",
        adding: AgencyChoice | None = None,
        status: int = 200,
    ) -> Response:
        if adding is None or not adding.problem:
            adding = await self._desk.agencies.of(here.region, Form(()), ADDED)
        agencies = adding.pairs
        if adding.options is None:
            agencies = list((await self._desk.agencies.names(form.get(AGENCIES, ()))).items())
        return await self._desk.pages(
            request,
            "agency/contact.html",
            status,
            contact=contact,
            form=form,
            errors=errors,
            version=version,
            notice=await self._notice(here),
            agencies=agencies,
            adding=adding if adding.options is None else None,
            roles=[(value, _(words)) for value, words in ALL_ROLES.items()],
            channels=[(value, _(words)) for value, words in CHANNELS.items()],
            action=f"{HOME}/{contact.id}" if contact else f"{HOME}/baru",
            home=HOME,
        )
