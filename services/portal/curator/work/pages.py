"""Puts the pages of the curator's work together."""

from __future__ import annotations

from services.portal.curator.work.board.reminding.routes import ReminderPages
from services.portal.curator.work.board.routes import BoardPages
from services.portal.curator.work.continuation.innovation import ContinuationPages
from services.portal.curator.work.continuation.rules.routes import RulesPages
from services.portal.curator.work.continuation.stages import StagePages
from services.portal.curator.work.desk import Desk
from services.portal.curator.work.home import HomePages
from services.portal.curator.work.index.overview import IndexPages
from services.portal.curator.work.index.spd import SpdPages
from services.portal.curator.work.index.what_if import WhatIfPages
from services.portal.curator.work.index.what_if_levels import WhatIfLevelPages
from services.portal.curator.work.queue import QueuePages
from services.portal.curator.work.ranking.competitions import CompetitionPages
from services.portal.curator.work.ranking.marks import MarkPages
from services.portal.curator.work.ranking.rankings import RankingPages
from services.portal.curator.work.verification.evidence import EvidencePages
from services.portal.curator.work.verification.reassignment import ReassignmentPages
from services.portal.curator.work.verification.routes import VerificationPages
from services.portal.curator.work.verification.withdrawal import WithdrawalPages
from services.portal.model.model import Model
from services.portal.owners.client import Owners
from services.portal.pages.render import Pages
from shared.clock import Clock
from shared.web.routes import Routes


def curator_work(pages: Pages, model: Model, owners: Owners, clock: Clock) -> tuple[Routes, ...]:
    """All groups of routes."""
    desk = Desk(pages, model, owners, clock)
    return (
        HomePages(desk),
        QueuePages(desk),
        VerificationPages(desk),
        EvidencePages(desk),
        ReassignmentPages(desk),
        WithdrawalPages(desk),
        ReminderPages(desk),
        BoardPages(desk),
        IndexPages(desk),
        SpdPages(desk),
        WhatIfPages(desk),
        WhatIfLevelPages(desk),
        RankingPages(desk),
        CompetitionPages(desk),
        MarkPages(desk),
        StagePages(desk),
        RulesPages(desk),
        ContinuationPages(desk),
    )
