"""One innovation as the curator sees it: indicator by indicator with the evidence beside it, and the decision."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.curator.work import words
from services.portal.curator.work.asking import Asking
from services.portal.curator.work.desk import Desk, Here
from services.portal.curator.work.queue import days_since
from services.portal.curator.work.verification.decision_form import Decision, DecisionForm, Wrong, as_known
from services.portal.curator.work.verification.submission import Submission, alike_of, load, of_region
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.owners.caught_up import done
from services.portal.owners.reading import unless_away, version
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, form_of
from services.portal.pages.language import N_, _
from shared.auth.policy import Role
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import NotFound
from shared.web.routes import Routes, get, post

STALE = 412
REFUSED = 422

SENTENCES = {
    Wrong.UNCHECKED: N_("Pilih level untuk indikator %(row)s, atau nyatakan bahwa Anda memverifikasi sebagian."),
    Wrong.NO_REMARK: N_("Tulis paling sedikit satu catatan, agar perangkat daerah tahu apa yang harus diperbaiki."),
    Wrong.TOO_LONG: N_("Catatan paling panjang 2.000 karakter."),
}
DONE = {
    Decision.VERIFY: N_("“%(name)s” terverifikasi. Nilainya menyusul dalam beberapa detik."),
    Decision.RETURN: N_("“%(name)s” dikembalikan dengan catatan Anda."),
}


class VerificationPages(Routes):
    """`/kurator/inovasi/{id}`."""

    prefix = "/kurator/inovasi/{id}"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def submission(self, request: Request, id: str) -> Response:
        """The submission with the form of the decision."""
        here = await self._desk.here(request)
        try:
            found = await self._load(here, id)
        except OwnerAway:
            return await self._without_registry(request, here, id)
        return await self._page(request, here, found, as_known(found.rows))

    @post("", Role.CURATOR)
    async def decide(self, request: Request, id: str) -> Response:
        """Verify, or return with remarks; what is wrong comes back beside its field, with everything that was typed."""
        here = await self._desk.here(request)
        sent = form_of(request)
        found = await self._load(here, id)
        form = DecisionForm.of(sent.values(), found.rows)
        decision = Decision.RETURN if sent.text("keputusan") == Decision.RETURN else Decision.VERIFY
        errors = Errors()
        for field, wrong in form.wrong(decision, found.rows).items():
            errors[field] = _(SENTENCES[wrong]) % {"row": field.partition("-")[2]}
        if errors:
            return await self._page(request, here, found, form, errors, status=REFUSED)
        if sent.text("versi") != str(found.it.sequence):
            return await self._changed(request, here, found, form)
        asking = Asking(self._desk.owners, here.session)
        action = "verify" if decision is Decision.VERIFY else "return"
        try:
            answer = await asking.registry.post(
                f"/innovations/{id}/{action}", form.body(decision), version=version(found.it.sequence)
            )
        except OwnerProblem as problem:
            if problem.is_stale:
                return await self._changed(request, here, await self._load(here, id), form)
            errors.add_flaws(problem.flaws, {f"rows.{row}": f"level-{row}" for row in form.levels})
            if not errors:
                errors[""] = problem.detail
            return await self._page(request, here, found, form, errors, status=problem.status)
        said = _(DONE[decision]) % {"name": found.it.profile.name or _("Tanpa nama")}
        said = await done(self._desk.model, f"innovation/{id}", answer, said)
        return redirect(f"/kurator/inovasi/{id}/selesai?terkirim=periksa-{id}-{found.it.sequence}", said)

    @get("/mirip", Role.CURATOR)
    async def alike(self, request: Request, id: str) -> Response:
        """The innovations that look like this one, however long that takes to know."""
        here = await self._desk.here(request)
        asking = Asking(self._desk.owners, here.session)
        it = await of_region(asking, id, here.region)
        return await self._desk.pages(
            request,
            "curator/work/verification/alike.html",
            it=it,
            alike=await unless_away(alike_of(asking, id)),
            words=words,
        )

    @get("/selesai", Role.CURATOR)
    async def decided(self, request: Request, id: str) -> Response:
        """After a decision: what is next in the queue."""
        here = await self._desk.here(request)
        model = self._desk.model
        page = await model.queue(here.region, after=None, limit=5)
        others = [each for each in page.items if each.id != id]
        return await self._desk.pages(
            request,
            "curator/work/verification/done.html",
            id=id,
            sent=request.query_params.get("terkirim", ""),
            next_one=others[0] if others else None,
            days=days_since(others[0].waiting_since, here) if others else None,
        )

    async def _load(self, here: Here, id: str) -> Submission:
        catalogue = here.view.catalogue if here.view else None
        return await load(Asking(self._desk.owners, here.session), id, region=here.region, catalogue=catalogue)

    async def _without_registry(self, request: Request, here: Here, id: str) -> Response:
        """What the read model knows, while the registry does not answer."""
        it = await self._desk.model.innovation(id)
        if it is None or it.region != here.region:
            raise NotFound
        return await self._desk.pages(
            request,
            "curator/work/verification/away.html",
            it=it,
            days=days_since(it.waiting_since, here),
            words=words,
        )

    async def _changed(self, request: Request, here: Here, found: Submission, form: DecisionForm) -> Response:
        sentence = _(
            "Inovasi ini berubah sejak halaman Anda buka. Di bawah ini keadaan terbaru dengan pilihan Anda; "
            "periksa sekali lagi, lalu kirim."
        )
        return await self._page(request, here, found, form, Errors({"": sentence}), status=STALE)

    async def _page(  # noqa: PLR0917 - what a form needs to be shown again
        self,
        request: Request,
        here: Here,
        found: Submission,
        form: DecisionForm,
        errors: Errors | None = None,
        status: int = 200,
    ) -> Response:
        agency = await self._desk.model.agency(found.it.agency)
        waiting = found.it.submitted_at if found.it.status is InnovationStatus.SUBMITTED else None
        return await self._desk.pages(
            request,
            "curator/work/verification/page.html",
            status,
            it=found.it,
            base=f"/kurator/inovasi/{found.it.id}",
            agency_name=agency.name if agency else _("Perangkat daerah"),
            days=days_since(waiting, here),
            scorecard=found.scorecard,
            scoring_away=found.scoring_away,
            rows=found.rows,
            alike=found.alike,
            decidable=found.decidable,
            form=form,
            errors=errors or Errors(),
            words=words,
            zone=here.zone,
        )
