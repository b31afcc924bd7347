"""Competitions: the list, one with its standings, and its terms. `/kurator/peringkat/lomba`."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from services.portal.answered.competition import Competition, CompetitionPage
from services.portal.answered.ranking import Freeze, FreezePage, Standings
from services.portal.curator.work import words
from services.portal.curator.work.asking import Asking
from services.portal.curator.work.desk import Desk, Here
from services.portal.curator.work.ranking.terms_form import TermsForm, sent, stored, widened
from services.portal.curator.work.ranking.terms_words import names_of_flaws, sentences
from services.portal.owners.answers import OwnerProblem
from services.portal.owners.reading import Asked, read, unless_away, version
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form, form_of
from services.portal.pages.language import _
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.routes import Routes, get, post

NEW = "baru"
REFUSED, STALE = 422, 412


class CompetitionPages(Routes):
    """Competitions of the region."""

    prefix = "/kurator/peringkat/lomba"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def competitions(self, request: Request) -> Response:
        """All of the region."""
        here = await self._desk.here(request)
        asking = Asking(self._desk.owners, here.session)
        after = request.query_params.get("sesudah")
        found = await unless_away(
            read(asking.scoring, "/competitions", CompetitionPage, region=here.region, after=after)
        )
        return await self._desk.pages(
            request,
            "curator/work/ranking/competitions.html",
            items=found.it.items if found else None,
            next_page=f"?sesudah={found.it.next}" if found and found.it.next else None,
            first_page="/kurator/peringkat/lomba" if after else None,
        )

    @get("/baru", Role.CURATOR)
    async def new(self, request: Request) -> Response:
        """An empty form."""
        here = await self._desk.here(request)
        form = TermsForm(year=str(here.today.year), season=str(here.today.year))
        return await self._terms(request, form, "")

    @post("/baru", Role.CURATOR)
    async def create(self, request: Request) -> Response:
        """Create it, or show the form with further empty lines."""
        here = await self._desk.here(request)
        typed, key = form_of(request), form_of(request).text("key")
        form = sent(typed.values(), typed.texts)
        if typed.has("tambah-baris"):
            return await self._terms(request, widened(form), key)
        errors = Errors(sentences(form.wrong))
        if errors:
            return await self._terms(request, form, key, errors, status=REFUSED)
        asking = Asking(self._desk.owners, here.session)
        try:
            answer = await asking.scoring.post("/competitions", {"region": here.region, "terms": form.body()}, key=key)
        except OwnerProblem as problem:
            return await self._refused(request, form, key, problem)
        made = Competition.model_validate(answer.body)
        return redirect(f"/kurator/peringkat/lomba/{made.id}", _("Lomba dibuat."))

    @get("/{id}", Role.CURATOR)
    async def competition(self, request: Request, id: str) -> Response:
        """One competition with its present standings and its freezes."""
        return await self._one(request, id, Form(()), Errors())

    @get("/{id}/ketentuan", Role.CURATOR)
    async def terms(self, request: Request, id: str) -> Response:
        """The form of its terms."""
        here = await self._desk.here(request)
        found = await own(Asking(self._desk.owners, here.session), here, id)
        return await self._terms(request, stored(found.it.terms), "", it=found)

    @post("/{id}/ketentuan", Role.CURATOR)
    async def change(self, request: Request, id: str) -> Response:
        """Change its terms. A freeze keeps the terms of its time."""
        here = await self._desk.here(request)
        asking, typed = Asking(self._desk.owners, here.session), form_of(request)
        found = await own(asking, here, id)
        form = sent(typed.values(), typed.texts)
        if typed.has("tambah-baris"):
            return await self._terms(request, widened(form), "", it=found)
        errors = Errors(sentences(form.wrong))
        if errors:
            return await self._terms(request, form, "", errors, it=found, status=REFUSED)
        if typed.text("versi") != str(found.sequence):
            errors[""] = _("Ketentuan diubah orang lain sementara Anda menyunting. Periksa lagi, lalu simpan.")
            return await self._terms(request, form, "", errors, it=found, status=STALE)
        try:
            await asking.scoring.put(f"/competitions/{id}", form.body(), version=version(found.sequence))
        except OwnerProblem as problem:
            return await self._refused(request, form, "", problem, found)
        return redirect(f"/kurator/peringkat/lomba/{id}", _("Ketentuan lomba disimpan."))

    @post("/{id}", Role.CURATOR)
    async def freeze(self, request: Request, id: str) -> Response:
        """Freeze its standings."""
        here = await self._desk.here(request)
        form, errors = form_of(request), Errors()
        errors.require(form, "yakin", sentence=_("Centang bahwa Anda yakin: pembekuan tidak dapat dihapus."))
        if errors:
            return await self._one(request, id, form, errors, REFUSED)
        body = {"competition": id, **({"reason": form.text("alasan")} if form.text("alasan") else {})}
        asking = Asking(self._desk.owners, here.session)
        try:
            answer = await asking.scoring.post("/rankings/freezes", body, key=form.text("key"))
        except OwnerProblem as problem:
            errors.add_flaws(problem.flaws, {"reason": "alasan"})
            if not errors:
                errors[""] = problem.detail
            return await self._one(request, id, form, errors, problem.status)
        frozen = Freeze.model_validate(answer.body)
        return redirect(f"/kurator/peringkat/beku/{frozen.id}", _("Hasil lomba dibekukan dan dapat dibaca umum."))

    async def _one(self, request: Request, id: str, form: Form, errors: Errors, status: int = 200) -> Response:
        here = await self._desk.here(request)
        asking = Asking(self._desk.owners, here.session)
        found = await own(asking, here, id)
        standings, freezes = await asyncio.gather(
            unless_away(read(asking.scoring, f"/competitions/{id}/standings", Standings)),
            unless_away(read(asking.scoring, "/rankings/freezes", FreezePage, region=here.region, competition=id)),
        )
        return await self._desk.pages(
            request,
            "curator/work/ranking/competition.html",
            status,
            it=found.it,
            sent=request.query_params.get("terkirim", ""),
            standings=standings.it if standings else None,
            freezes=list(freezes.it.items) if freezes else None,
            form=form,
            errors=errors,
            words=words,
            zone=here.zone,
        )

    async def _refused(
        self, request: Request, form: TermsForm, key: str, problem: OwnerProblem, it: Asked[Competition] | None = None
    ) -> Response:
        errors = Errors()
        errors.add_flaws(problem.flaws, names_of_flaws(form))
        if not errors:
            errors[""] = problem.detail
        return await self._terms(request, form, key, errors, it=it, status=problem.status)

    async def _terms(
        self,
        request: Request,
        form: TermsForm,
        key: str,
        errors: Errors | None = None,
        *,
        it: Asked[Competition] | None = None,
        status: int = 200,
    ) -> Response:
        """it: None: a new one."""
        return await self._desk.pages(
            request,
            "curator/work/ranking/terms.html",
            status,
            it=it.it if it else None,
            version=it.sequence if it else "",
            key=key,
            form=form,
            errors=errors or Errors(),
            words=words,
        )


async def own(asking: Asking, here: Here, id: str) -> Asked[Competition]:
    """A competition of the region. Raises NotFound, also for another region's."""
    found = await read(asking.scoring, f"/competitions/{id}", Competition)
    if found.it.region != here.region:
        raise NotFound
    return found
