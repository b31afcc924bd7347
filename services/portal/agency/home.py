"""`/opd`: what an agency must do, and by when."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.agency import lists
from services.portal.agency.desk import Desk
from services.portal.agency.duty import in_words
from services.portal.agency.ideas import waiting as ideas_waiting
from services.portal.agency.innovation.listed import draft_names, line_of
from services.portal.agency.sent import in_words as message_in_words
from services.portal.model.views.innovation import InnovationQuery
from services.portal.pages.session import signed_in
from shared.auth.policy import Role
from shared.contracts.vocabulary import InnovationStatus
from shared.web.routes import Routes, get

_SHOWN_MESSAGES = 3
_TO_DO = (InnovationStatus.RETURNED, InnovationStatus.DRAFT)
_MOST_TO_DO = 10


class AgencyHome(Routes):
    """`/opd`."""

    prefix = "/opd"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.AGENCY)
    async def home(self, request: Request) -> Response:
        """The duties with what is left of the time, what waits for the agency, and what it was told last."""
        desk, session = self._desk, signed_in(request)
        agency = await desk.chosen(request, session)
        zone, today = await desk.zone(session), await desk.today(session)
        duties = await desk.model.duties(agency)
        to_do = await desk.model.innovations(InnovationQuery(agency=agency, statuses=_TO_DO), limit=_MOST_TO_DO)
        all_of_it = await desk.model.innovations(InnovationQuery(agency=agency), limit=_MOST_TO_DO)
        names, away = await draft_names(desk, session, agency, to_do.items)
        asked = [each for each in all_of_it.items if _is_asked(each.continuation, today)]
        messages = await desk.model.messages(agency, limit=_SHOWN_MESSAGES)
        told = [in_words(each, today) for each in duties]
        return await desk.pages(
            request,
            "agency/home.html",
            pressing=[each for place, each in enumerate(told) if each.urgent or not place],
            agency=agency,
            agencies=await desk.agencies(session),
            zone=zone,
            duties=told,
            to_do=[line_of(each, names) for each in to_do.items],
            asked=[line_of(each, names) for each in asked],
            waiting=[line_of(each, names) for each in all_of_it.items if each.status is InnovationStatus.SUBMITTED],
            away=away,
            ideas=await ideas_waiting(desk, session),
            messages=[message_in_words(each) for each in messages.items],
            statuses=lists.STATUSES,
            freshness=desk.model.freshness(),
        )


def _is_asked(continuation: object, today: object) -> bool:
    on = getattr(continuation, "follow_up_on", None)
    return on is not None and on <= today
