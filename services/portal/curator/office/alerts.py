"""Who is told what, and who could not be told: `/kurator/kantor/peringatan`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.portal.curator.office.reason_words import CHANNEL, DEFERRED, WHAT, words_of
from services.portal.curator.work.desk import Desk, Here
from services.portal.curator.work.entered import day_of
from services.portal.owners.answers import Answer, OwnerProblem
from services.portal.owners.client import OwnerClient
from services.portal.owners.reading import unless_away
from services.portal.pages.forms import chosen
from services.portal.pages.language import _
from shared.auth.policy import Role
from shared.faults import NotFound
from shared.web.routes import Routes, get

NOT_FOUND = 404
_PAGE, _DUE = 50, 200


class AlertPages(Routes):
    """What notifications knows of a region's alerts; nothing of it is kept here."""

    prefix = "/kurator/kantor/peringatan"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def overview(self, request: Request) -> Response:
        """What is due on a day, who cannot be told, and whether messages are sent at all."""
        here = await self._desk.here(request)
        owner = self._owner(here)
        day = day_of(request.query_params.get("hari", "")) or here.today
        asked = {"as_of": day.isoformat()} if day != here.today else {}
        due = await unless_away(owner.get("/due", region=here.region, limit=_DUE, **asked))
        untold = await unless_away(owner.get("/unreachable", region=here.region, limit=_PAGE))
        mode = await unless_away(owner.get("/mode"))
        return await self._desk.pages(
            request,
            "curator/office/alerts.html",
            day=day,
            today=here.today,
            due=_due(due.body) if due else None,
            counts=due.body if due else {},
            names=await self._names(due.body if due else {}),
            untold=untold.body["items"] if untold else None,
            mode=mode.body if mode else None,
            words={key: _(text) for key, text in (WHAT | DEFERRED | CHANNEL).items()},
            zone=here.zone,
        )

    @get("/pesan", Role.CURATOR)
    async def messages(self, request: Request) -> Response:
        """Messages of the region, the newest first."""
        here = await self._desk.here(request)
        query, agency = request.query_params, await self._desk.agencies.of_query(here.region, request)
        wanted = {
            "agency": agency.id or None,
            "channel": chosen(query.get("saluran", ""), list(CHANNEL)),
            "what": chosen(query.get("perihal", ""), list(WHAT)),
            "after": query.get("after"),
        }
        asked = {"opd": agency.id, "saluran": wanted["channel"], "perihal": wanted["what"]}
        owner = self._owner(here)
        found: Answer | None = Answer(200, {"items": [], "next": None})
        if not agency.problem:
            found = await unless_away(owner.get("/messages", region=here.region, limit=_PAGE, **wanted))
        return await self._desk.pages(
            request,
            "curator/office/messages.html",
            away=found is None,
            items=found.body["items"] if found else [],
            more=found.body["next"] if found else None,
            query={name: value for name, value in asked.items() if value},
            asked=asked,
            agency=agency,
            channels=[(each, _(text)) for each, text in CHANNEL.items()],
            whats=[(each, _(text)) for each, text in WHAT.items()],
            words={key: _(text) for key, text in CHANNEL.items()},
            zone=here.zone,
        )

    @get("/pesan/{person}/{number}", Role.CURATOR)
    async def message(self, request: Request, person: str, number: int) -> Response:
        """One message with every attempt: the proof."""
        here = await self._desk.here(request)
        try:
            found = await self._owner(here).get(f"/messages/{person}/{number}")
        except OwnerProblem as problem:
            if problem.status == NOT_FOUND:
                raise NotFound from problem
            raise
        return await self._desk.pages(
            request,
            "curator/office/message.html",
            it=found.body,
            words={key: _(text) for key, text in CHANNEL.items()},
            zone=here.zone,
        )

    @get("/pratinjau", Role.CURATOR)
    async def preview(self, request: Request) -> Response:
        """A message as it would be now, for an agency."""
        here = await self._desk.here(request)
        first = (await self._desk.model.agencies(here.region, limit=1)).items
        agency = await self._desk.agencies.of_query(here.region, request, now=first[0].id if first else "")
        query = request.query_params
        what = chosen(query.get("perihal", ""), list(WHAT)) or next(iter(WHAT))
        channel = chosen(query.get("saluran", ""), list(CHANNEL)) or "email"
        shown, problem = None, ""
        if agency.id and not agency.problem:
            try:
                shown = await unless_away(
                    self._owner(here).get(
                        "/preview",
                        region=here.region,
                        agency=agency.id,
                        year=here.year(request),
                        what=what,
                        channel=channel,
                    )
                )
            except OwnerProblem as refused:
                problem = refused.detail
        return await self._desk.pages(
            request,
            "curator/office/preview.html",
            shown=shown.body if shown else None,
            problem=problem,
            asked={"perihal": what, "saluran": channel, "tahun": here.year(request)},
            agency=agency,
            channels=[(each, _(text)) for each, text in CHANNEL.items()],
            whats=[(each, _(text)) for each, text in WHAT.items()],
            years=[(each, each) for each in here.years],
        )

    def _owner(self, here: Here) -> OwnerClient:
        return self._desk.owners.notifications(here.session)

    async def _names(self, due: Mapping[str, Any]) -> dict[str, str]:
        """Agency's id → name, of those in the list."""
        alerts = [alert["alert"]["reason"] for each in due.get("items", ()) for alert in each["alerts"]]
        untold = [each["agency"] for each in due.get("untold", ())]
        named = {each["agency"] for each in alerts if each.get("agency")}
        found = await self._desk.model.agencies_by_id(named | {*untold})
        return {id: each.name for id, each in found.items()}


def _due(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each message that is due: to whom, what about, by which channel, and why not now."""
    found = []
    for each in body.get("items", ()):
        reasons = [alert["alert"]["reason"] for alert in each["alerts"]]
        found.append({**each, "about": [(reason.get("agency"), words_of(reason)) for reason in reasons]})
    return found
