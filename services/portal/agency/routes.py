"""All pages of an agency."""

from __future__ import annotations

from services.portal.agency.contacts.pages import ContactPages
from services.portal.agency.desk import Desk
from services.portal.agency.evidence.files import RowFilePages
from services.portal.agency.evidence.pages import RowPages
from services.portal.agency.home import AgencyHome
from services.portal.agency.ideas import AgencyIdeaPages
from services.portal.agency.innovation.documents import DocumentPages
from services.portal.agency.innovation.duty_year import DutyYearPages
from services.portal.agency.innovation.follow_up import FollowUpPages
from services.portal.agency.innovation.listing import InnovationList
from services.portal.agency.innovation.pages import InnovationPages
from services.portal.agency.innovation.submitting import SubmissionPages
from services.portal.agency.innovation.withdrawing import WithdrawalPages
from services.portal.agency.profile.pages import ProfilePages
from services.portal.agency.score.pages import ScorePages
from services.portal.agency.sent import SentPages
from services.portal.model.model import Model
from services.portal.owners.client import Owners
from services.portal.pages.render import Pages
from shared.clock import Clock
from shared.web.routes import Routes


def agency_pages(pages: Pages, model: Model, owners: Owners, clock: Clock) -> tuple[Routes, ...]:
    """Groups of routes, in the order in which an address is looked for."""
    desk = Desk(pages, model, owners, clock)
    return (
        AgencyHome(desk),
        SentPages(desk),
        AgencyIdeaPages(desk),
        ContactPages(desk),
        InnovationList(desk),
        InnovationPages(desk),
        DutyYearPages(desk),
        SubmissionPages(desk),
        WithdrawalPages(desk),
        FollowUpPages(desk),
        DocumentPages(desk),
        ScorePages(desk),
        ProfilePages(desk),
        RowPages(desk),
        RowFilePages(desk),
    )
