"""Puts the pages of the curator's office together."""

from __future__ import annotations

from services.portal.curator.office.agencies import AgencyPages
from services.portal.curator.office.alert_policy import AlertPolicyPages
from services.portal.curator.office.alerts import AlertPages
from services.portal.curator.office.attention import AttentionPages
from services.portal.curator.office.commitments import CommitmentPages
from services.portal.curator.office.contacts import CuratorContactPages
from services.portal.curator.office.duty import DutyPages
from services.portal.curator.office.exemptions import ExemptionPages
from services.portal.curator.office.exports import ExportPages
from services.portal.curator.office.front import OfficePages
from services.portal.curator.office.ideas import IdeaPages
from services.portal.curator.office.imports import ImportPages
from services.portal.curator.work.desk import Desk
from services.portal.model.model import Model
from services.portal.owners.client import Owners
from services.portal.pages.render import Pages
from shared.clock import Clock
from shared.web.routes import Routes


def curator_office(pages: Pages, model: Model, owners: Owners, clock: Clock) -> tuple[Routes, ...]:
    """All groups of routes."""
    desk = Desk(pages, model, owners, clock)
    return (
        OfficePages(desk),
        ImportPages(desk),
        ExportPages(desk),
        AgencyPages(desk),
        DutyPages(desk),
        ExemptionPages(desk),
        AlertPages(desk),
        AlertPolicyPages(desk),
        IdeaPages(desk),
        AttentionPages(desk),
        CommitmentPages(desk),
        CuratorContactPages(desk),
    )
