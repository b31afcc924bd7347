"""`/opd/gagasan`: ideas of the public that the curator has handed to the agency, which it takes up as drafts."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.agency.desk import Desk
from services.portal.answered.idea import Idea
from services.portal.figures.words import options, word
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.owners.caught_up import done
from services.portal.pages.flash import redirect
from services.portal.pages.forms import Errors, chosen
from services.portal.pages.language import _
from services.portal.pages.session import SignedIn, signed_in
from shared.auth.policy import Role
from shared.contracts.idea import IdeaStatus
from shared.web.routes import Routes, get, post

HOME = "/opd/gagasan"
LOOK = {IdeaStatus.HANDED_OVER: "warning", IdeaStatus.TAKEN_UP: "success", IdeaStatus.CLOSED: "neutral"}
"""The looks of tags: for an agency, what was handed over waits."""

_PAGE = 25
_MOST_COUNTED = 50
_CONFLICT, _FORBIDDEN, _NOT_FOUND = 409, 403, 404
_STATUSES = tuple(LOOK)


class AgencyIdeaPages(Routes):
    """The list, each idea, and what takes it up; the registry keeps them."""

    prefix = HOME

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.AGENCY)
    async def all(self, request: Request) -> Response:
        """The newest first, also of the past; `?keadaan=` selects."""
        desk, session = self._desk, signed_in(request)
        status = chosen(request.query_params.get("keadaan", ""), _STATUSES)
        after = request.query_params.get("after")
        try:
            found = await desk.owners.registry(session).get(
                f"/regions/{session.region}/ideas", status=status, limit=_PAGE, after=after
            )
        except OwnerAway:
            found = None
        items = [Idea.model_validate(each) for each in found.body["items"]] if found else []
        known = {each.id: each.name for each in await desk.agencies(session)}
        return await desk.pages(
            request,
            "agency/ideas.html",
            away=found is None,
            items=items,
            next=found.body["next"] if found else None,
            first=after is None,
            wanted=status or "",
            statuses=[each for each in options("idea") if each[0] in _STATUSES],
            word=word,
            looks=LOOK,
            agencies=known if len(known) > 1 else {},
            zone=await desk.zone(session),
        )

    @get("/{idea}", Role.AGENCY)
    async def read(self, request: Request, idea: str) -> Response:
        """One idea, and what came of it."""
        found = await self._idea(signed_in(request), idea)
        return await self._page(request, found) if found else _gone()

    @get("/{idea}/jadikan", Role.AGENCY)
    async def ask(self, request: Request, idea: str) -> Response:
        """Say what taking it up means, and ask."""
        found = await self._idea(signed_in(request), idea)
        if found is None:
            return _gone()
        if found.status is not IdeaStatus.HANDED_OVER:
            return redirect(f"{HOME}/{idea}", _("Gagasan ini tidak menunggu lagi."), "info")
        return await self._page(request, found, template="agency/idea_take_up.html")

    @post("/{idea}/jadikan", Role.AGENCY)
    async def take_up(self, request: Request, idea: str) -> Response:
        """Make a draft of it. A form that is sent twice leads to the same draft."""
        session = signed_in(request)
        found = await self._idea(session, idea)
        if found is None:
            return _gone()
        registry = self._desk.owners.registry(session)
        try:
            taken = Idea.model_validate((await registry.post(f"/ideas/{idea}/take-up")).body)
            draft = await registry.get(f"/innovations/{taken.innovation}")
        except OwnerProblem as problem:
            if problem.status == _FORBIDDEN:
                return _gone()
            if problem.status != _CONFLICT:
                raise
            found = await self._idea(session, idea)
            return await self._page(request, found, Errors({"": problem.detail}), _CONFLICT) if found else _gone()
        text = _("Rancangan dibuat dari gagasan ini. Lengkapi, lalu ajukan seperti inovasi lain.")
        to = f"innovation/{taken.innovation}"
        return redirect(f"/opd/inovasi/{taken.innovation}", await done(self._desk.model, to, draft, text))

    async def _idea(self, session: SignedIn, id: str) -> Idea | None:
        """None: there is none, or it is not (or no more) the agency's."""
        try:
            answer = await self._desk.owners.registry(session).get(f"/ideas/{id}")
        except OwnerProblem as problem:
            if problem.status == _NOT_FOUND:
                return None
            raise
        return Idea.model_validate(answer.body) if "title" in answer.body else None

    async def _page(
        self,
        request: Request,
        idea: Idea,
        errors: Errors | None = None,
        status: int = 200,
        template: str = "agency/idea.html",
    ) -> Response:
        desk, session = self._desk, signed_in(request)
        agency = await desk.model.agency(idea.agency)
        return await desk.pages(
            request,
            template,
            status,
            it=idea,
            errors=errors or Errors(),
            word=word("idea", idea.status),
            look=LOOK.get(idea.status, "neutral"),
            agency=agency.name if agency else "",
            year=(await desk.today(session)).year,
            zone=await desk.zone(session),
        )


async def waiting(desk: Desk, session: SignedIn) -> str:
    """How many ideas wait for the person's agencies; empty for none, and while the registry does not answer."""
    try:
        answer = await desk.owners.registry(session).get(
            f"/regions/{session.region}/ideas", status=IdeaStatus.HANDED_OVER.value, limit=_MOST_COUNTED
        )
    except (OwnerAway, OwnerProblem):
        return ""
    count = len(answer.body.get("items", ()))
    if answer.body.get("next"):
        return _("lebih dari %(count)s") % {"count": count}
    return str(count) if count else ""


def _gone() -> Response:
    text = _("Gagasan itu tidak ada, atau tidak diserahkan kepada perangkat daerah Anda.")
    return redirect(HOME, text, "warning")
