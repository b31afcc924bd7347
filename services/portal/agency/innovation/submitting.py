"""`/opd/inovasi/{id}/ajukan`: the answers once more, what is still missing, and the submission; then its receipt."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from services.portal.agency.desk import Desk
from services.portal.agency.duty import in_words
from services.portal.agency.innovation.detail import Flawed, Innovation
from services.portal.agency.innovation.pages import answers
from services.portal.agency.innovation.registry import tag
from services.portal.agency.profile.steps import input_of, step_of
from services.portal.agency.score.asking import score_of
from services.portal.owners.answers import OwnerProblem
from services.portal.owners.caught_up import caught_up
from services.portal.pages.flash import redirect
from services.portal.pages.forms import form_of, sentence
from services.portal.pages.language import _
from services.portal.pages.session import signed_in
from shared.auth.policy import Role
from shared.web.routes import Routes, get, post

_INVALID, _STALE = 422, 412


class SubmissionPages(Routes):
    """Check, submit, receipt."""

    prefix = "/opd/inovasi/{id}"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("/ajukan", Role.AGENCY)
    async def check(self, request: Request, id: str) -> Response:
        """All answers, and what blocks the submission."""
        client = self._desk.innovation(signed_in(request), id)
        innovation = await client.read()
        if not innovation.is_open:
            return redirect(f"/opd/inovasi/{id}", _("Inovasi ini sudah diajukan."), "info")
        return await self._check(request, innovation, (await client.check()).flaws)

    @post("/ajukan", Role.AGENCY)
    async def submit(self, request: Request, id: str) -> Response:
        """Submit exactly what the person has checked."""
        desk, session, form = self._desk, signed_in(request), form_of(request)
        client = desk.innovation(session, id)
        try:
            answer = await client.command("submit", form.text("versi"))
        except OwnerProblem as problem:
            innovation = await client.read()
            if not innovation.is_open:
                return redirect(f"/opd/inovasi/{id}/tanda-terima")  # the form was sent twice
            if problem.status == _INVALID:
                flaws = tuple(Flawed.model_validate(each) for each in problem.flaws)
                return await self._check(request, innovation, flaws, status=_INVALID)
            if problem.is_stale:
                found = (await client.check()).flaws
                return await self._check(request, innovation, found, status=_STALE, changed=True)
            raise
        shown = await caught_up(desk.model, f"innovation/{id}", answer)
        return redirect(f"/opd/inovasi/{id}/tanda-terima" + ("" if shown else "?menyusul=1"))

    @get("/tanda-terima", Role.AGENCY)
    async def receipt(self, request: Request, id: str) -> Response:
        """The proof of the last submission, to be printed; the score comes by itself."""
        desk, session = self._desk, signed_in(request)
        innovation = await desk.innovation(session, id).read()
        if innovation.submitted_at is None or innovation.is_open:
            return redirect(f"/opd/inovasi/{id}", _("Inovasi ini belum diajukan."), "info")
        agency = await desk.model.agency(innovation.agency)
        region = await desk.region(session)
        row = await desk.model.board_row(innovation.agency, innovation.year)
        last = next((each for each in reversed(innovation.history) if each.action == "submitted"), None)
        return await desk.pages(
            request,
            "agency/receipt.html",
            innovation=innovation,
            agency_name=agency.name if agency else "",
            region_name=region.name if region else "",
            own=last is not None and last.by == session.account,
            again=innovation.first_submitted_at != innovation.submitted_at,
            duty=in_words(row.duty, await desk.today(session)) if row and row.duty else None,
            score=await score_of(desk, session, innovation),
            zone=await desk.zone(session),
            following="menyusul" in request.query_params,
        )

    async def _check(
        self,
        request: Request,
        innovation: Innovation,
        flaws: Sequence[Flawed],
        *,
        status: int = 200,
        changed: bool = False,
    ) -> Response:
        desk, session = self._desk, signed_in(request)
        agency = await desk.model.agency(innovation.agency)
        return await desk.pages(
            request,
            "agency/submit.html",
            status,
            innovation=innovation,
            agency_name=agency.name if agency else "",
            flaws=[{"href": where(innovation.id, each.field), "text": sentence(each.message)} for each in flaws],
            missing=innovation.missing_mandatory,
            answers=answers(innovation),
            score=await score_of(desk, session, innovation),
            version=tag(innovation),
            changed=changed,
            zone=await desk.zone(session),
        )


def where(id: str, field: str) -> str:
    """The page on which a flaw is mended."""
    parts = field.split(".")
    here = f"/opd/inovasi/{id}"
    if parts[0] == "profile" and len(parts) > 1:
        return f"{here}/profil/{step_of(field).slug}#{input_of(parts[1])}"
    if parts[0] == "evidence" and len(parts) > 1:
        return f"{here}/bukti/{parts[1]}"
    return f"{here}/tahun" if parts[0] == "year" else here
