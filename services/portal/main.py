"""The composition root of the portal: the pages, the JSON API below `/portal/v1`, events → read model."""

from __future__ import annotations

from fastapi import APIRouter

from services.portal.accounts.application import Accounts
from services.portal.accounts.kinds import PASSING
from services.portal.accounts.regional import REGIONAL, STAYS
from services.portal.kinds import KINDS
from services.portal.pages.app import pages_app
from services.portal.pages.assets import Assets
from services.portal.pages.context import Context
from services.portal.pages.environment import environment
from services.portal.pages.home import HomePages, LanguagePages
from services.portal.pages.render import Pages
from services.portal.settings import PortalSettings
from shared.ports.audit import AUDIT_NAMES
from shared.runtime.regional import Regional, RegionalKind
from shared.runtime.service import Resources, Service
from shared.storage.erasures.kinds import ERASURE, ERASURE_LIST
from shared.web.audit.routes import AuditRoutes
from shared.web.routes import Routes

NAME = "portal"


def compose(resources: Resources) -> Service:
    """The service."""
    settings = resources.settings.of(PortalSettings)
    assets = Assets()
    pages = Pages(environment(), Context(assets))
    accounts = Accounts(resources)
    groups: tuple[Routes, ...] = (HomePages(pages), LanguagePages(), *accounts.pages(pages))
    secure = settings.address.startswith("https:")
    router = APIRouter()
    for routes in (accounts.api(), AuditRoutes(resources.store, NAME).router()):
        router.routes.extend(routes.routes)
    return Service(
        name=NAME,
        kinds=KINDS,
        router=router,
        loops=accounts.loops,
        start=accounts.start,
        stop=accounts.stop,
        rebuilt_kinds=PASSING,
        personal_data=accounts.personal_data,
        regional=Regional(
            kinds=(*REGIONAL, RegionalKind(ERASURE.name, moves=False)),
            stays=(*STAYS, ERASURE_LIST.name, *AUDIT_NAMES),
        ),
        pages=pages_app(groups, pages, assets, accounts.sessions, secure=secure),
        listening=accounts.links.listening,
    )
