"""One innovation's continuation: its stage, the follow-up questions and their answers, and whether it is in use."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.answered.continuation import Continuation
from services.portal.answered.rules import Rules
from services.portal.continuation.groups import recorded
from services.portal.curator.work import words
from services.portal.curator.work.asking import Asking
from services.portal.curator.work.continuation.forms import FORMS
from services.portal.curator.work.desk import Desk, Here
from services.portal.curator.work.files import shown_file
from services.portal.owners.answers import OwnerProblem
from services.portal.owners.caught_up import done
from services.portal.owners.reading import Asked, read, version
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form, form_of
from services.portal.pages.language import _
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.routes import Routes, get, post

REFUSED, STALE = 422, 412


class ContinuationPages(Routes):
    """`/kurator/inovasi/{id}/tahapan`."""

    prefix = "/kurator/inovasi/{id}/tahapan"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def continuation(self, request: Request, id: str) -> Response:
        """Everything, with the three forms."""
        here = await self._desk.here(request)
        found = await self._own(here, id)
        return await self._page(request, here, found, Form(()), Errors())

    @post("", Role.CURATOR)
    async def change(self, request: Request, id: str) -> Response:
        """Carry out one of the three forms, which its field `apa` names."""
        here, form = await self._desk.here(request), form_of(request)
        what = FORMS.get(form.text("apa"))
        if what is None:
            raise NotFound
        found = await self._own(here, id)
        errors = what.errors(form)
        if errors:
            return await self._page(request, here, found, form, errors, REFUSED)
        if form.text("versi") != str(found.sequence):
            errors[""] = _("Inovasi ini berubah sementara Anda mengisi. Periksa lagi, lalu kirim.")
            return await self._page(request, here, found, form, errors, STALE)
        registry = self._desk.owners.registry(here.session)
        send = registry.post if what.method == "POST" else registry.put
        path = f"/innovations/{id}/continuation/{what.path}"
        try:
            answer = await send(path, what.body(form), version=version(found.sequence))
        except OwnerProblem as problem:
            errors.add_flaws(problem.flaws, what.names)
            if not errors:
                errors[""] = problem.detail
            return await self._page(request, here, found, form, errors, problem.status)
        said = await done(self._desk.model, f"innovation/{id}", answer, _(what.said))
        return redirect(f"/kurator/inovasi/{id}/tahapan", said)

    @get("/jawaban/{number}/berkas/{digest}", Role.CURATOR)
    async def proof(self, request: Request, id: str, number: int, digest: str) -> Response:
        """A file of an answer."""
        here = await self._desk.here(request)
        registry = self._desk.owners.registry(here.session)
        return await shown_file(registry, f"/innovations/{id}/continuation/follow-ups/{number}/files/{digest}")

    async def _own(self, here: Here, id: str) -> Asked[Continuation]:
        asking = Asking(self._desk.owners, here.session)
        found = await read(asking.registry, f"/innovations/{id}/continuation", Continuation)
        if found.it.region != here.region:
            raise NotFound
        return found

    async def _page(  # noqa: PLR0917 - what a form needs to be shown again
        self, request: Request, here: Here, found: Asked[Continuation], form: Form, errors: Errors, status: int = 200
    ) -> Response:
        asking = Asking(self._desk.owners, here.session)
        rules = (await read(asking.registry, f"/regions/{here.region}/continuation-rules", Rules)).it
        view = await self._desk.model.innovation(found.it.id)
        return await self._desk.pages(
            request,
            "curator/work/continuation/innovation.html",
            status,
            it=found.it,
            name=view.name if view and view.name else _("Inovasi"),
            rules=rules,
            form=form,
            errors=errors,
            words=words,
            recorded=recorded(found.it, f"/kurator/inovasi/{found.it.id}/kelanjutan"),
            zone=here.zone,
            today=here.today,
        )
