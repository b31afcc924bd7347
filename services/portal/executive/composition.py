"""The executive's pages, as the composition root joins them."""

from __future__ import annotations

from services.portal.executive.overview import Overviews
from services.portal.executive.pipelines import Pipelines
from services.portal.executive.routes import ExecutivePages
from services.portal.figures.catalogue_source import catalogue_reader
from services.portal.figures.movements import Movements
from services.portal.model.model import Model
from services.portal.owners.client import Owners
from services.portal.pages.render import Pages
from shared.clock import Clock
from shared.web.routes import Routes


def executive_pages(pages: Pages, model: Model, owners: Owners, clock: Clock) -> tuple[Routes, ...]:
    """All of them."""
    overviews = Overviews(model, catalogue_reader(owners), Movements(owners), Pipelines(owners))
    return (ExecutivePages(pages, model, owners, overviews, clock),)
