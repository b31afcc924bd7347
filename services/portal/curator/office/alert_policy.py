"""When people are reminded and how messages name the office: `/kurator/kantor/aturan`. Notifications keeps both."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.curator.office.alert_policy_form import AlertPolicyForm, Wrong
from services.portal.curator.office.sending import REFUSED, sent
from services.portal.curator.work.desk import Desk, Here
from services.portal.owners.answers import Answer, OwnerProblem
from services.portal.owners.reading import unless_away
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form, form_of
from services.portal.pages.language import N_, _
from shared.auth.policy import Role
from shared.web.routes import Routes, get, post

HOME = "/kurator/kantor/aturan"
NOT_FOUND = 404
SENTENCES = {
    Wrong.DAYS: N_("Tulis jumlah hari dipisah koma, misalnya 60, 30, 14, 7."),
    Wrong.HOUR: N_("Tulis jam seperti 16.00."),
    Wrong.NUMBER: N_("Tulis angka."),
    Wrong.DAY: N_("Pilih harinya."),
}
WEEKDAYS = {
    "1": N_("Senin"),
    "2": N_("Selasa"),
    "3": N_("Rabu"),
    "4": N_("Kamis"),
    "5": N_("Jumat"),
    "6": N_("Sabtu"),
    "7": N_("Minggu"),
}
OFFICE_NAMES = {"name": "nama", "telephone": "telepon", "reply_to": "balasan"}


class AlertPolicyPages(Routes):
    """Two forms on one page."""

    prefix = HOME

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def show(self, request: Request) -> Response:
        """Both forms, as things are."""
        here = await self._desk.here(request)
        return await self._page(request, here)

    @post("", Role.CURATOR)
    async def set_policy(self, request: Request) -> Response:
        """Add a revision of the policy."""
        here = await self._desk.here(request)
        fields, owner = form_of(request), self._desk.owners.notifications(here.session)
        form = AlertPolicyForm.of(fields.values(), fields.texts("hari-tenang"))
        if form.wrong:
            errors = Errors({field: _(SENTENCES[each]) for field, each in form.wrong.items()})
            return await self._page(request, here, form=form, errors=errors, status=REFUSED)
        kept = await owner.get(f"/alert-policies/{here.region}")
        body, seen = form.body(kept.body["in_force"]), fields.text("versi")
        outcome = await sent(owner.put(f"/alert-policies/{here.region}", body, version=seen), AlertPolicyForm.names)
        if outcome.answer is None:
            return await self._page(request, here, form=form, errors=outcome.errors, status=outcome.status)
        return redirect(HOME, _("Aturan peringatan disimpan."))

    @post("/kantor", Role.CURATOR)
    async def set_office(self, request: Request) -> Response:
        """How messages name the office."""
        here = await self._desk.here(request)
        fields, errors = form_of(request), Errors()
        errors.require(fields, "nama", "balasan")
        if errors:
            return await self._page(request, here, office=fields, errors=errors, status=REFUSED)
        owner = self._desk.owners.notifications(here.session)
        body = {name: fields.text(field) for name, field in OFFICE_NAMES.items()}
        path, seen = f"/office/{here.region}", fields.text("versi")
        outcome = await sent(owner.put(path, body, version=seen), OFFICE_NAMES)
        if outcome.answer is None:
            return await self._page(request, here, office=fields, errors=outcome.errors, status=outcome.status)
        return redirect(HOME, _("Nama kantor disimpan; pesan berikutnya memakainya."))

    async def _page(
        self,
        request: Request,
        here: Here,
        *,
        form: AlertPolicyForm | None = None,
        office: Form | None = None,
        errors: Errors | None = None,
        status: int = 200,
    ) -> Response:
        owner = self._desk.owners.notifications(here.session)
        policy = await unless_away(owner.get(f"/alert-policies/{here.region}"))
        named = await unless_away(self._office(here))
        if form is None and policy is not None:
            form = AlertPolicyForm.stored(policy.body["in_force"], here.today.isoformat())
        known = named.body if named is not None else {}

        def shown(name: str, field: str) -> str:
            return office.text(field) if office else str(known.get(name) or "")

        return await self._desk.pages(
            request,
            "curator/office/alert_policy.html",
            status,
            form=form,
            version=policy.etag if policy else "",
            in_force=policy.body["in_force"] if policy else None,
            office={field: shown(name, field) for name, field in OFFICE_NAMES.items()},
            office_version=named.etag if named is not None else "",
            errors=errors or Errors(),
            weekdays=[(each, _(word)) for each, word in WEEKDAYS.items()],
        )

    async def _office(self, here: Here) -> Answer:
        """How messages name it; an empty answer while it was never set."""
        try:
            return await self._desk.owners.notifications(here.session).get(f"/office/{here.region}")
        except OwnerProblem as problem:
            if problem.status == NOT_FOUND:
                return Answer(NOT_FOUND)
            raise
