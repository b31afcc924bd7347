"""`/opd/kontak`: the people of an agency who are told. Notifications keeps them; here nothing of them is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from services.portal.agency.contacts.contact import CHANNELS, ROLES, Contact, Notice, form_of, read
from services.portal.agency.desk import Desk
from services.portal.owners.answers import Answer, OwnerAway, OwnerProblem
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form
from services.portal.pages.forms import form_of as sent_form
from services.portal.pages.language import _
from services.portal.pages.session import SignedIn, signed_in
from shared.auth.policy import Role
from shared.web.routes import Routes, get, post

HOME = "/opd/kontak"
_INVALID, _CONFLICT = 422, 409
_MOST = 100


class ContactPages(Routes):
    """List, create, correct, erase."""

    prefix = "/opd/kontak"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.AGENCY)
    async def contacts(self, request: Request) -> Response:
        """The agency's contacts, in full."""
        desk, session = self._desk, signed_in(request)
        agency = await desk.chosen(request, session)
        items, away = [], False
        try:
            answer = await desk.owners.notifications(session).get("/contacts", agency=agency, limit=_MOST)
            items = [Contact.model_validate(each) for each in answer.body["items"]]
        except OwnerAway:
            away = True
        return await desk.pages(
            request,
            "agency/contacts.html",
            agency=agency,
            agencies=await desk.agencies(session),
            contacts=items,
            roles={value: _(words) for value, words in ROLES.items()},
            away=away,
        )

    @get("/baru", Role.AGENCY)
    async def new(self, request: Request) -> Response:
        """An empty form."""
        session = signed_in(request)
        shown = {"agencies": [await self._desk.chosen(request, session)], "key": [uuid4().hex], "role": ["officer"]}
        return await self._form(request, session, shown, Errors())

    @post("/baru", Role.AGENCY)
    async def create(self, request: Request) -> Response:
        """Create a contact. A form that is sent twice creates one."""
        session, form, errors = signed_in(request), sent_form(request), Errors()
        client = self._desk.owners.notifications(session)
        body = await self._read(session, form, errors, None)
        made = None
        if not errors:
            made = await tried(client.post("/contacts", body, key=form.text("key")), errors)
        if made is None:
            return await self._form(request, session, entered(form), errors, status=_INVALID)
        return redirect("/opd/kontak", told(_("Kontak tersimpan."), made))

    @get("/{person}", Role.AGENCY)
    async def contact(self, request: Request, person: str) -> Response:
        """The form of one contact."""
        session = signed_in(request)
        answer = await self._desk.owners.notifications(session).get(f"/contacts/{person}")
        contact = Contact.model_validate(answer.body)
        return await self._form(request, session, form_of(contact), Errors(), contact=contact, version=answer.etag)

    @post("/{person}", Role.AGENCY)
    async def correct(self, request: Request, person: str) -> Response:
        """Correct it, unless somebody else has just done so."""
        session, form, errors = signed_in(request), sent_form(request), Errors()
        client = self._desk.owners.notifications(session)
        now = await client.get(f"/contacts/{person}")
        contact = Contact.model_validate(now.body)
        body = await self._read(session, form, errors, contact)
        changed = None
        if not errors:
            changed = await tried(client.put(f"/contacts/{person}", body, version=form.text("versi")), errors)
        if changed is None:
            status = _CONFLICT if "" in errors else _INVALID
            return await self._form(
                request, session, entered(form), errors, contact=contact, version=now.etag, status=status
            )
        return redirect("/opd/kontak", told(_("Perubahan kontak tersimpan."), changed))

    @get("/{person}/hapus", Role.AGENCY)
    async def ask_to_erase(self, request: Request, person: str) -> Response:
        """Ask before data are erased."""
        answer = await self._desk.owners.notifications(signed_in(request)).get(f"/contacts/{person}")
        contact = Contact.model_validate(answer.body)
        return await self._desk.pages(
            request, "agency/contact_erase.html", contact=contact, version=answer.etag, home=HOME
        )

    @post("/{person}/hapus", Role.AGENCY)
    async def erase(self, request: Request, person: str) -> Response:
        """Erase the person's data."""
        client = self._desk.owners.notifications(signed_in(request))
        try:
            await client.delete(f"/contacts/{person}", version=sent_form(request).text("versi"))
        except OwnerProblem as problem:
            if not problem.is_stale:
                raise
            text = _("Kontak ini baru saja diubah. Periksa dahulu, lalu hapus bila memang perlu.")
            return redirect(f"/opd/kontak/{person}/hapus", text, "warning")
        return redirect("/opd/kontak", _("Data kontak sudah dihapus."))

    async def _notice(self, session: SignedIn) -> Notice:
        return Notice.model_validate((await self._desk.owners.notifications(session).get("/contacts/notice")).body)

    async def _read(self, session: SignedIn, form: Form, errors: Errors, before: Contact | None) -> dict[str, Any]:
        notice = await self._notice(session)
        region = session.region or ""
        return read(form, errors, region=region, agencies=session.agencies, notice=notice, before=before)

    async def _form(
        self,
        request: Request,
        session: SignedIn,
        form: Mapping[str, list[str]],
        errors: Errors,
        *,
        contact: Contact | None = None,
        version: str = "",
        status: int = 200,
    ) -> Response:
        return await self._desk.pages(
            request,
            "agency/contact.html",
            status,
            contact=contact,
            form=form,
            errors=errors,
            version=version,
            notice=await self._notice(session),
            agencies=[(each.id, each.name) for each in await self._desk.agencies(session)],
            adding=None,
            roles=[(value, _(words)) for value, words in ROLES.items()],
            channels=[(value, _(words)) for value, words in CHANNELS.items()],
            action=f"{HOME}/{contact.id}" if contact else f"{HOME}/baru",
            home=HOME,
        )


async def tried(asking: Any, errors: Errors) -> Answer | None:  # noqa: ANN401 - an awaitable of Answer
    """The answer; None when it was refused, with the reasons in `errors`."""
    try:
        answer: Answer = await asking
    except OwnerProblem as problem:
        if problem.is_stale:
            errors[""] = _("Orang lain baru saja mengubah kontak ini. Bandingkan dengan isian Anda, lalu simpan lagi.")
        elif problem.status == _INVALID and problem.flaws:
            errors.add_flaws(problem.flaws, {each["field"]: each["field"].split(".")[0] for each in problem.flaws})
        else:
            errors[""] = problem.detail
        return None
    return answer


def entered(form: Form) -> dict[str, list[str]]:
    """What was typed, to show the form again."""
    return {name: form.texts(name) for name in form.values() if form.text(name)}


def told(text: str, answer: Answer) -> str:
    """The sentence after a change, with what the editor should know."""
    return " ".join([text, *(each["message"] for each in answer.body.get("hints", ()))])
