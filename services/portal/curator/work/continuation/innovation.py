"""One innovation's continuation: its stage, the follow-up questions and their answers, and whether it is in use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.portal.curator.work import words
from services.portal.curator.work.asking import Asked, Asking, read, version
from services.portal.curator.work.desk import Desk, Here
from services.portal.curator.work.files import shown_file
from services.portal.curator.work.owner_answers.continuation import Continuation, Rules
from services.portal.owners.answers import OwnerProblem
from services.portal.owners.caught_up import done
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form, form_of
from services.portal.pages.language import _
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.routes import Routes, get, post

REFUSED, STALE = 422, 412
USES = ("live", "dormant", "stopped")


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

    @post("/pindah", Role.CURATOR)
    async def move(self, request: Request, id: str) -> Response:
        """Move it to a stage."""
        form, errors = form_of(request), Errors()
        errors.require(form, "tahapan", sentence=_("Pilih tahapan."))
        pipeline, _slash, stage = form.text("tahapan").partition("/")
        body = {"pipeline": pipeline, "stage": stage, "note": form.text("catatan"), "on": form.text("sejak")}
        names = {"stage": "tahapan", "pipeline": "tahapan", "note": "catatan", "on": "sejak"}
        return await self._change(request, id, "POST", "stage", body, (form, errors, names), _("Tahapan disimpan."))

    @post("/pertanyaan", Role.CURATOR)
    async def plan(self, request: Request, id: str) -> Response:
        """Set the day of the next question whether it is still in use."""
        form, errors = form_of(request), Errors()
        errors.require(form, "tanggal", sentence=_("Pilih tanggal."))
        body = {"asked_on": form.text("tanggal")}
        told = (form, errors, {"asked_on": "tanggal"})
        return await self._change(request, id, "PUT", "follow-up", body, told, _("Tanggal pertanyaan disimpan."))

    @post("/pemakaian", Role.CURATOR)
    async def use(self, request: Request, id: str) -> Response:
        """Say whether it is in use, as the curator has found it."""
        form, errors = form_of(request), Errors()
        if form.text("pemakaian") not in USES:
            errors["pemakaian"] = _("Pilih apakah inovasi ini dipakai.")
        elif form.text("pemakaian") != USES[0]:
            errors.require(form, "alasan", sentence=_("Tulis mengapa inovasi ini tidak dipakai."))
        body = {"use": form.text("pemakaian"), "reason": form.text("alasan")}
        told = (form, errors, {"use": "pemakaian", "reason": "alasan"})
        return await self._change(request, id, "PUT", "use", body, told, _("Keadaan pemakaian disimpan."))

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

    async def _change(  # noqa: PLR0917 - what differs between three commands of one kind
        self,
        request: Request,
        id: str,
        method: str,
        what: str,
        body: Mapping[str, Any],
        told: tuple[Form, Errors, Mapping[str, str]],
        said: str,
    ) -> Response:
        """told: the form, what is wrong with it already, and the fields of the owner's flaws."""
        form, errors, names = told
        here = await self._desk.here(request)
        found = await self._own(here, id)
        if not errors and form.text("versi") != str(found.sequence):
            errors[""] = _("Inovasi ini berubah sementara Anda mengisi. Periksa lagi, lalu kirim.")
            return await self._page(request, here, found, form, errors, STALE)
        if errors:
            return await self._page(request, here, found, form, errors, REFUSED)
        registry = self._desk.owners.registry(here.session)
        path, given = f"/innovations/{id}/continuation/{what}", {key: value for key, value in body.items() if value}
        send = registry.post if method == "POST" else registry.put
        try:
            answer = await send(path, given, version=version(found.sequence))
        except OwnerProblem as problem:
            errors.add_flaws(problem.flaws, names)
            if not errors:
                errors[""] = problem.detail
            return await self._page(request, here, found, form, errors, problem.status)
        return redirect(
            f"/kurator/inovasi/{id}/tahapan", await done(self._desk.model, f"innovation/{id}", answer, said)
        )

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
            zone=here.zone,
            today=here.today,
        )
