"""`/opd/inovasi/{id}/tindak-lanjut`: whether an innovation is still in use, and how far it has come."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.portal.agency import lists
from services.portal.agency.desk import Desk
from services.portal.agency.evidence.passing import passed_on, with_file
from services.portal.answered.continuation import Continuation, Move
from services.portal.answered.rules import Rules
from services.portal.continuation.groups import recorded
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.owners.caught_up import done
from services.portal.pages.flash import redirect
from services.portal.pages.forms import FILE_FORM, Errors, Form, chosen, form_of
from services.portal.pages.language import _
from services.portal.pages.reading import decimal_of, line_of, prose_of
from services.portal.pages.session import SignedIn, signed_in
from shared.auth.policy import Role
from shared.contracts.continuation import Use
from shared.contracts.contract import json_number
from shared.web.routes import Routes, get, post

FIGURES = 3  # rows of the form
_MOST_REMARK, _MOST_LABEL, _MOST_UNIT = 2_000, 500, 40  # characters
_INVALID = 422


class FollowUpPages(Routes):
    """The question, its proofs and its answer."""

    prefix = "/opd/inovasi/{id}/tindak-lanjut"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.AGENCY)
    async def read(self, request: Request, id: str) -> Response:
        """Stage, use, the open question, and the former ones."""
        return await self._page(request, id, Form(()), Errors())

    @post("", Role.AGENCY)
    async def answer(self, request: Request, id: str) -> Response:
        """Answer the open question."""
        form, errors = form_of(request), Errors()
        body = reply_of(form, errors)
        if errors:
            return await self._page(request, id, form, errors, _INVALID)
        registry = self._desk.owners.registry(signed_in(request))
        try:
            answer = await registry.post(
                f"/innovations/{id}/continuation/follow-up/answer", body, version=form.text("versi")
            )
        except OwnerProblem as problem:
            if problem.status == _INVALID:
                errors.add_flaws(problem.flaws, {each["field"]: each["field"].split(".")[0] for each in problem.flaws})
            elif problem.is_stale:
                errors[""] = _("Inovasi ini baru saja berubah. Periksa lagi, lalu kirim.")
            else:
                errors[""] = problem.detail
            return await self._page(request, id, form, errors, _INVALID)
        text = await done(self._desk.model, f"innovation/{id}", answer, _("Jawaban tersimpan. Terima kasih."))
        return redirect(f"/opd/inovasi/{id}/tindak-lanjut?dari=jawaban", text)

    @post("/berkas", Role.AGENCY, **FILE_FORM)
    async def add_proof(self, request: Request, id: str) -> Response:
        """Add a proof to the answer that is being prepared."""
        registry = self._desk.owners.registry(signed_in(request))
        path = f"/innovations/{id}/continuation/follow-up/files"
        outcome = await with_file(request, registry, "POST", id, path)
        text = outcome.refused or _("Berkas “%(name)s” terunggah.") % {"name": outcome.name}
        return redirect(f"/opd/inovasi/{id}/tindak-lanjut", text, "warning" if outcome.refused else "success")

    @get("/{number}/berkas/{digest}", Role.AGENCY)
    async def read_proof(self, request: Request, id: str, number: int, digest: str) -> Response:
        """A proof."""
        registry = self._desk.owners.registry(signed_in(request))
        return await passed_on(registry, f"/innovations/{id}/continuation/follow-ups/{number}/files/{digest}")

    async def _page(self, request: Request, id: str, form: Form, errors: Errors, status: int = 200) -> Response:
        desk, session = self._desk, signed_in(request)
        innovation = await desk.innovation(session, id).read()
        answer = await desk.owners.registry(session).get(f"/innovations/{id}/continuation")
        known = Continuation.model_validate(answer.body)
        today = await desk.today(session)
        return await desk.pages(
            request,
            "agency/follow_up.html",
            status,
            innovation=innovation,
            known=known,
            stage=await self._stage(session, innovation.region, known.stage),
            asked=known.question is not None and known.question.asked_on <= today,
            uses=[(each.value, _(lists.USES[each])) for each in Use],
            use_words={each.value: _(lists.USES[each]) for each in Use},
            figures=FIGURES,
            form=form.values(),
            errors=errors,
            sent="dari" in request.query_params,
            version=f'"{known.sequence}"',
            recorded=recorded(known, f"/opd/inovasi/{id}/kelanjutan"),
            zone=await desk.zone(session),
        )

    async def _stage(self, session: SignedIn, region: str, stage: Move | None) -> str:
        """The stage as the region names it; its slug while that is not known, empty without one."""
        if stage is None:
            return ""
        try:
            answer = await self._desk.owners.registry(session).get(f"/regions/{region}/continuation-rules")
        except (OwnerAway, OwnerProblem):
            return stage.stage
        rules = Rules.model_validate(answer.body)
        return f"{rules.pipeline_name(stage.pipeline)}: {rules.stage_name(stage.pipeline, stage.stage)}"


def reply_of(form: Form, errors: Errors) -> dict[str, Any]:
    """The answer for the registry; what is wrong is added to `errors`."""
    use = chosen(form.text("use"), [each.value for each in Use])
    if use is None:
        errors["use"] = _("Pilih apakah inovasi ini masih dipakai.")
    elif use != Use.LIVE:
        errors.require(form, "reason", sentence=_("Isi alasan inovasi tidak dipakai lagi."))
    body: dict[str, Any] = {"use": use}
    for name in ("reason", "note"):
        try:
            body[name] = prose_of(form, name, _MOST_REMARK)
        except ValueError:
            errors[name] = _("Paling panjang 2.000 karakter.")
    body["figures"] = [each for number in range(FIGURES) if (each := _figure(form, number, errors))]
    return body


def _figure(form: Form, number: int, errors: Errors) -> dict[str, Any] | None:
    at = f"figures.{number}"
    try:
        label, unit = line_of(form, f"{at}.label", _MOST_LABEL), line_of(form, f"{at}.unit", _MOST_UNIT)
        value = decimal_of(form, f"{at}.value")
    except ValueError as wrong:
        errors["figures"] = _("Angka pemakaian ke-%(number)s: %(why)s.") % {"number": number + 1, "why": wrong}
        return None
    if label is None and value is None:
        return None
    if label is None or value is None:
        errors["figures"] = _("Angka pemakaian ke-%(number)s: isi keterangan dan nilainya.") % {"number": number + 1}
        return None
    return {"label": label, "value": json_number(value), **({"unit": unit} if unit else {})}
