"""The composition root of the portal: the pages, the JSON API below `/portal/v1`, events → read model."""

from __future__ import annotations

from fastapi import APIRouter

from services.portal.kinds import KINDS, REBUILT
from services.portal.model.read_model import ReadModel
from services.portal.model.regional import REGIONAL_KINDS, STAYS
from services.portal.owners.client import NoTokens, Owners
from services.portal.pages.app import pages_app
from services.portal.pages.assets import Assets
from services.portal.pages.context import Context
from services.portal.pages.environment import environment
from services.portal.pages.home import HomePages, LanguagePages
from services.portal.pages.render import Pages
from services.portal.pages.session import NoSessions, Sessions
from services.portal.settings import PortalSettings, public_address
from shared.runtime.regional import Regional
from shared.runtime.service import Resources, Service
from shared.web.routes import Routes

NAME = "portal"


def compose(resources: Resources) -> Service:
    """The service."""
    settings = resources.settings.of(PortalSettings)
    assets = Assets()
    pages = Pages(environment(), Context(assets))
    read = ReadModel(resources)
    sessions: Sessions = NoSessions()
    groups: tuple[Routes, ...] = (HomePages(pages), LanguagePages())
    owners = Owners(
        NoTokens(),
        {
            "registry": settings.registry_url,
            "scoring": settings.scoring_url,
            "notifications": settings.notifications_url,
        },
    )

    async def stop() -> None:
        await read.stop()
        await owners.close()

    secure = public_address(resources.settings).startswith("https:")
    return Service(
        name=NAME,
        kinds=KINDS,
        router=APIRouter(),
        handlers=read.handlers,
        before_taking=read.before_taking,
        loops=read.loops,
        stop=stop,
        rebuilt_kinds=REBUILT,
        filling=read.filling,
        regional=Regional(kinds=REGIONAL_KINDS, stays=STAYS, left=read.left),
        pages=pages_app(groups, pages, assets, sessions, secure=secure),
        listening=owners.listening,
    )
