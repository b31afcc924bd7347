"""`/opd/inovasi/{id}`: an innovation with its tasks and, apart from them, whether it was sent."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.portal.agency import lists
from services.portal.agency.desk import Desk
from services.portal.agency.evidence.catalogue import Catalogue
from services.portal.agency.innovation.detail import Innovation, SubmissionCheck
from services.portal.agency.innovation.history import told
from services.portal.agency.innovation.listed import TAG_KINDS
from services.portal.agency.innovation.registry import tag
from services.portal.agency.innovation.tasks import STATE_WORDS, State, TaskList, task_list
from services.portal.agency.profile.pages import sent_draft
from services.portal.agency.profile.shown import shown
from services.portal.agency.profile.steps import STEPS
from services.portal.agency.score.asking import score_of
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.owners.caught_up import caught_up
from services.portal.pages.flash import redirect
from services.portal.pages.forms import form_of
from services.portal.pages.language import _
from services.portal.pages.session import SignedIn, signed_in
from shared.auth.policy import Role
from shared.contracts.vocabulary import InnovationStatus
from shared.web.routes import Routes, get, post

KINDS = {
    State.DONE: "success",
    State.MISSING: "warning",
    State.WRONG: "error",
    State.STARTED: "warning",
    State.WANTED: "warning",
    State.OPTIONAL: "neutral",
}
"""The looks of tags."""


class InnovationPages(Routes):
    """The overview of one innovation, and the end of a draft."""

    prefix = "/opd/inovasi/{id}"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.AGENCY)
    async def overview(self, request: Request, id: str) -> Response:
        """While it is open, the tasks; afterwards, what happens to it."""
        desk, session = self._desk, signed_in(request)
        innovation = await desk.innovation(session, id).read()
        score = await score_of(desk, session, innovation)
        common: dict[str, Any] = {
            "innovation": innovation,
            "state": _(lists.STATUSES[innovation.status]),
            "state_kind": TAG_KINDS[innovation.status],
            "score": score,
            "history": told(innovation, session.account),
            "zone": await desk.zone(session),
            "agency_name": await self._agency_name(innovation),
            "sent": sent_draft(request, id),
        }
        if innovation.is_open:
            tasks = await self.tasks(session, innovation)
            return await desk.pages(request, "agency/tasks.html", tasks=tasks, words=STATE_WORDS, kinds=KINDS, **common)
        return await desk.pages(
            request,
            "agency/innovation.html",
            answers=answers(innovation),
            is_submitted=innovation.status is InnovationStatus.SUBMITTED,
            is_verified=innovation.status is InnovationStatus.VERIFIED,
            **common,
        )

    @get("/hapus", Role.AGENCY)
    async def ask_to_delete(self, request: Request, id: str) -> Response:
        """Ask before a draft is deleted."""
        innovation = await self._desk.innovation(signed_in(request), id).read()
        if innovation.status is not InnovationStatus.DRAFT:
            return redirect(f"/opd/inovasi/{id}", _("Hanya rancangan yang dapat dihapus."), "info")
        return await self._desk.pages(request, "agency/delete.html", innovation=innovation, version=tag(innovation))

    @post("/hapus", Role.AGENCY)
    async def delete(self, request: Request, id: str) -> Response:
        """Delete the draft."""
        client = self._desk.innovation(signed_in(request), id)
        try:
            answer = await client.remove("", form_of(request).text("versi"))
        except OwnerProblem as problem:
            if not problem.is_stale:
                raise
            text = _("Rancangan ini baru saja diubah. Periksa dahulu, lalu hapus bila memang perlu.")
            return redirect(f"/opd/inovasi/{id}", text, "warning")
        await caught_up(self._desk.model, f"innovation/{id}", answer)
        return redirect("/opd/inovasi", _("Rancangan sudah dihapus."))

    async def tasks(self, session: SignedIn, innovation: Innovation) -> TaskList:
        """The tasks; without indicators while scoring does not answer."""
        check: SubmissionCheck = await self._desk.innovation(session, innovation.id).check()
        try:
            catalogue: Catalogue | None = await self._desk.catalogue(session)
        except OwnerAway:
            catalogue = None
        return task_list(innovation, check.flaws, catalogue.indicators if catalogue else ())

    async def _agency_name(self, innovation: Innovation) -> str:
        agency = await self._desk.model.agency(innovation.agency)
        return agency.name if agency else ""


def answers(innovation: Innovation) -> list[tuple[str, list[dict[str, str]]]]:
    """The profile in words: title of each step, and its rows for a summary list."""
    return [
        (
            _(step.title),
            [
                {
                    "key": _(each.label),
                    "value": shown(each, innovation.profile.get(each.name), _) or _("(kosong)"),
                    "href": f"/opd/inovasi/{innovation.id}/profil/{step.slug}#{each.input}"
                    if innovation.is_open
                    else "",
                }
                for each in step.questions
            ],
        )
        for step in STEPS
    ]
