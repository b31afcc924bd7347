"""The groups of public pages, as the composition root joins them."""

from __future__ import annotations

from services.portal.figures.catalogue_source import catalogue_reader
from services.portal.figures.movements import Movements
from services.portal.model.model import Model
from services.portal.owners.client import Owners
from services.portal.pages.render import Pages
from services.portal.public.catalogue import CataloguePages
from services.portal.public.home import HomePages
from services.portal.public.ideas import IdeaPages
from services.portal.public.innovation import InnovationPages
from services.portal.public.open_data import OpenDataPages
from services.portal.public.performance import PerformancePages
from services.portal.public.published.competitions import CompetitionPages
from services.portal.public.published.freezes import FreezePages
from services.portal.public.published.source import Published
from services.portal.public.rankings import RankingPages
from shared.clock import Clock
from shared.web.routes import Routes


def public_pages(pages: Pages, model: Model, owners: Owners, clock: Clock) -> tuple[Routes, ...]:
    """All of them."""
    published = Published(owners)
    return (
        HomePages(pages, model, clock),
        CataloguePages(pages, model, clock),
        InnovationPages(pages, model, owners, catalogue_reader(owners)),
        RankingPages(pages, model, Movements(owners), clock),
        FreezePages(pages, model, owners, published, clock),
        CompetitionPages(pages, model, published, clock),
        PerformancePages(pages, owners),
        OpenDataPages(pages, model, clock),
        IdeaPages(pages, model, owners),
    )
