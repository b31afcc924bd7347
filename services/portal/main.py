"""The composition root of the portal: the pages, the JSON API below `/portal/v1`, events → read model."""

from __future__ import annotations

from fastapi import APIRouter

from services.portal.accounts.application import Accounts
from services.portal.accounts.regional import REGIONAL as ACCOUNT_REGIONAL
from services.portal.accounts.regional import STAYS as ACCOUNT_STAYS
from services.portal.agency.routes import agency_pages
from services.portal.choice.chooser import AgencyChooser
from services.portal.choice.routes import FoundAgencyPages
from services.portal.continuation.pages import GroupPages
from services.portal.curator.office.pages import curator_office
from services.portal.curator.work.pages import curator_work
from services.portal.executive.composition import executive_pages
from services.portal.kinds import KINDS, REBUILT
from services.portal.model.read_model import ReadModel
from services.portal.model.regional import REGIONAL_KINDS, STAYS
from services.portal.owners.client import Owners
from services.portal.pages.app import pages_app
from services.portal.pages.assets import Assets
from services.portal.pages.context import Context
from services.portal.pages.demo import demo_path
from services.portal.pages.environment import environment
from services.portal.pages.language_page import LanguagePages
from services.portal.pages.render import Pages
from services.portal.pages.style_guide import StyleGuidePages
from services.portal.public.composition import public_pages
from services.portal.settings import PortalSettings, public_address
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
    read = ReadModel(resources)
    pages = Pages(environment(), Context(assets, read.model.region, demo_path(resources.settings)))
    accounts = Accounts(resources)
    owners = Owners(accounts.tokens, settings.owners)
    groups: list[Routes] = [
        LanguagePages(),
        *public_pages(pages, read.model, owners, resources.clock),
        *executive_pages(pages, read.model, owners, resources.clock),
        *agency_pages(pages, read.model, owners, resources.clock),
        *curator_work(pages, read.model, owners, resources.clock),
        *curator_office(pages, read.model, owners, resources.clock),
        GroupPages(pages, owners, AgencyChooser(read.model)),
        *accounts.pages(pages, AgencyChooser(read.model), owners.address),
        FoundAgencyPages(pages, AgencyChooser(read.model)),
    ]
    if shows_style_guide(settings):
        groups.append(StyleGuidePages(pages))
    secure = public_address(resources.settings).startswith("https:")
    router = APIRouter()
    for routes in (accounts.api(), AuditRoutes(resources.store, NAME).router()):
        router.routes.extend(routes.routes)

    def listening(url: str) -> None:
        owners.listening(url)
        accounts.links.listening(url)

    async def stop() -> None:
        await read.stop()
        await owners.close()
        await accounts.stop()

    return Service(
        name=NAME,
        kinds=KINDS,
        router=router,
        handlers=read.handlers,
        before_taking=read.before_taking,
        loops=(*read.loops, *accounts.loops),
        start=accounts.start,
        stop=stop,
        stopping=read.stopping,
        rebuilt_kinds=REBUILT,
        filling=read.filling,
        personal_data=accounts.personal_data,
        regional=Regional(
            kinds=(*REGIONAL_KINDS, *ACCOUNT_REGIONAL, RegionalKind(ERASURE.name, moves=False)),
            stays=(*STAYS, *ACCOUNT_STAYS, ERASURE_LIST.name, *AUDIT_NAMES),
            left=read.left,
        ),
        pages=pages_app(groups, pages, assets, accounts.sessions, secure=secure),
        listening=listening,
    )


def shows_style_guide(settings: PortalSettings) -> bool:
    """Whether there is `/gaya`: in the demo, and in tests."""
    return bool(settings.demo_path)
