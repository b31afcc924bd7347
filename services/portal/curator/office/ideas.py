"""Ideas of the public: `/kurator/kantor/ide`. Handed to an agency that fosters them, or closed with a reason."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.choice.choice import AgencyChoice
from services.portal.curator.office.sending import REFUSED, sent
from services.portal.curator.work.desk import Desk, Here
from services.portal.figures.words import options, word
from services.portal.owners.answers import Answer, OwnerProblem
from services.portal.owners.reading import unless_away, version
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, Form, chosen, form_of
from services.portal.pages.language import _
from shared.auth.policy import Role
from shared.contracts.idea import IdeaStatus
from shared.faults import NotFound
from shared.web.routes import Routes, get, post

HOME = "/kurator/kantor/ide"
NOT_FOUND = 404
CLOSE = "tutup"
LOOK = {
    IdeaStatus.NEW: "warning",
    IdeaStatus.HANDED_OVER: "info",
    IdeaStatus.TAKEN_UP: "success",
    IdeaStatus.CLOSED: "neutral",
}
_PAGE = 50


class IdeaPages(Routes):
    """The list, and each idea with its decision; the registry keeps them."""

    prefix = HOME

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def all(self, request: Request) -> Response:
        """The newest first."""
        here = await self._desk.here(request)
        status = chosen(request.query_params.get("keadaan", ""), list(IdeaStatus))
        owner, after = self._desk.owners.registry(here.session), request.query_params.get("after")
        found = await unless_away(owner.get(f"/regions/{here.region}/ideas", status=status, limit=_PAGE, after=after))
        return await self._desk.pages(
            request,
            "curator/office/ideas.html",
            away=found is None,
            items=found.body["items"] if found else [],
            more=found.body["next"] if found else None,
            query={"keadaan": status} if status else {},
            wanted=status or "",
            statuses=options("idea"),
            words=dict(options("idea")),
            looks={each.value: look for each, look in LOOK.items()},
            zone=here.zone,
        )

    @get("/{id}", Role.CURATOR)
    async def read(self, request: Request, id: str) -> Response:
        """One idea."""
        here = await self._desk.here(request)
        idea, form = await self._idea(here, id), Form(())
        return await self._page(request, here, idea, await self._choice(here, idea, form), form, Errors())

    @post("/{id}", Role.CURATOR)
    async def decide(self, request: Request, id: str) -> Response:
        """Hand it over, or close it."""
        here = await self._desk.here(request)
        idea, form, errors = await self._idea(here, id), form_of(request), Errors()
        closes, agency = form.text("keputusan") == CLOSE, await self._choice(here, idea, form)
        if closes:
            errors.require(form, "alasan", sentence=_("Tulis alasannya; pengusul dapat membacanya."))
        else:
            agency.check(errors, sentence=_("Pilih perangkat daerah yang membina."))
        if errors:
            return await self._page(request, here, idea, agency, form, errors, REFUSED)
        owner, seen = self._desk.owners.registry(here.session), form.text("versi")
        if closes:
            command = owner.post(f"/ideas/{id}/close", {"reason": form.text("alasan")}, version=seen)
        else:
            command = owner.post(f"/ideas/{id}/hand-over", {"agency": agency.id}, version=seen)
        outcome = await sent(command, {"reason": "alasan", "agency": "opd"})
        if outcome.answer is None:
            return await self._page(request, here, idea, agency, form, outcome.errors, outcome.status)
        said = _("Gagasan ditutup.") if closes else _("Gagasan diserahkan; perangkat daerahnya diberi tahu.")
        return redirect(HOME, said)

    async def _idea(self, here: Here, id: str) -> Answer:
        """Raises NotFound, also for one of another region."""
        try:
            found = await self._desk.owners.registry(here.session).get(f"/ideas/{id}")
        except OwnerProblem as problem:
            if problem.status == NOT_FOUND:
                raise NotFound from problem
            raise
        if found.body["region"] != here.region or "title" not in found.body:
            raise NotFound
        return found

    async def _choice(self, here: Here, idea: Answer, form: Form) -> AgencyChoice:
        now = idea.body.get("agency") or ""
        return await self._desk.agencies.of(here.region, form, now=now, also=(now,))

    async def _page(  # noqa: PLR0917 - what a form needs to be shown again
        self,
        request: Request,
        here: Here,
        idea: Answer,
        agency: AgencyChoice,
        form: Form,
        errors: Errors,
        status: int = 200,
    ) -> Response:
        it = idea.body
        fostering = await self._desk.agencies.names({it["agency"]} if it.get("agency") else ())
        return await self._desk.pages(
            request,
            "curator/office/idea.html",
            status,
            it=it,
            version=version(it["sequence"]),
            form=form,
            errors=errors,
            word=word("idea", it["status"]),
            look=LOOK[IdeaStatus(it["status"])],
            open=it["status"] in {IdeaStatus.NEW, IdeaStatus.HANDED_OVER},
            agency=agency,
            fostering=fostering.get(it.get("agency") or "", ""),
            zone=here.zone,
        )
