"""`/opd/inovasi`: all innovations of an agency, and a new one."""

from __future__ import annotations

from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from services.portal.agency.desk import Desk
from services.portal.agency.innovation.duty_year import years_of
from services.portal.agency.innovation.listed import draft_names, line_of
from services.portal.model.views.innovation import InnovationQuery
from services.portal.owners.answers import OwnerProblem
from services.portal.owners.caught_up import caught_up
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form, form_of
from services.portal.pages.language import _
from services.portal.pages.reading import line_of as line_entered
from services.portal.pages.session import SignedIn, signed_in
from shared.auth.policy import Role
from shared.web.routes import Routes, get, post

_MOST_NAME = 200  # characters
_INVALID = 422


class InnovationList(Routes):
    """`/opd/inovasi` and `/opd/inovasi/baru`."""

    prefix = "/opd/inovasi"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.AGENCY)
    async def all(self, request: Request) -> Response:
        """Every innovation, that with the newest status first."""
        desk, session = self._desk, signed_in(request)
        agency = await desk.chosen(request, session)
        after = request.query_params.get("after") or None
        page = await desk.model.innovations(InnovationQuery(agency=agency), after)
        names, away = await draft_names(desk, session, agency, page.items)
        return await desk.pages(
            request,
            "agency/innovations.html",
            agency=agency,
            agencies=await desk.agencies(session),
            lines=[line_of(each, names) for each in page.items],
            next=page.after,
            first=after is None,
            away=away,
            zone=await desk.zone(session),
            freshness=desk.model.freshness(),
        )

    @get("/baru", Role.AGENCY)
    async def new(self, request: Request) -> Response:
        """The first questions."""
        session = signed_in(request)
        form = Form([("agency", await self._desk.chosen(request, session)), ("key", uuid4().hex)])
        return await self._form(request, session, form, Errors())

    @post("/baru", Role.AGENCY)
    async def begin(self, request: Request) -> Response:
        """Create the draft, and go on to its first step. A form that is sent twice creates one."""
        session, form = signed_in(request), form_of(request)
        errors = Errors()
        errors.require(form, "name", sentence=_("Isi nama inovasi; dapat diubah nanti."))
        try:
            name = line_entered(form, "name", _MOST_NAME)
        except ValueError as wrong:
            errors["name"], name = str(wrong), None
        if errors:
            return await self._form(request, session, form, errors, _INVALID)
        body = {"agency": form.text("agency"), "year": _year(form), "profile": {"name": name}}
        try:
            made = await self._desk.owners.registry(session).post("/innovations", body, key=form.text("key"))
        except OwnerProblem as problem:
            if problem.status != _INVALID:
                raise
            errors.add_flaws(problem.flaws)
            return await self._form(request, session, form, errors, _INVALID)
        id = str(made.body["id"])
        await caught_up(self._desk.model, f"innovation/{id}", made)
        return redirect(
            f"/opd/inovasi/{id}",
            _("Rancangan dibuat. Setiap isian tersimpan sendiri; Anda dapat berhenti dan melanjutkan kapan saja."),
        )

    async def _form(
        self, request: Request, session: SignedIn, form: Form, errors: Errors, status: int = 200
    ) -> Response:
        desk = self._desk
        today = await desk.today(session)
        return await desk.pages(
            request,
            "agency/new.html",
            status,
            form=form.values(),
            errors=errors,
            agencies=[(each.id, each.name) for each in await desk.agencies(session)],
            years=years_of(await desk.region(session), today),
            this_year=today.year,
        )


def _year(form: Form) -> int | None:
    text = form.text("year")
    return int(text) if text.isdecimal() and len(text) == 4 else None  # noqa: PLR2004 - digits of a year
