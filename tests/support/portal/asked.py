"""Pages without a process: an application of some routes, asked over ASGI."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx2

from services.portal.pages.app import pages_app
from services.portal.pages.assets import Assets
from services.portal.pages.context import Context
from services.portal.pages.environment import environment
from services.portal.pages.render import Pages
from shared.auth.policy import Role
from shared.web.routes import Routes
from tests.support.portal.stand_in import StandInSessions

ADDRESS = "http://portal.test"


@asynccontextmanager
async def asking(
    *groups: Callable[[Pages], Routes], role: Role | None = None, secure: bool = False
) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of an application with these routes, signed in as the role's person. Redirections are not followed."""
    assets = Assets()
    pages = Pages(environment(), Context(assets))
    app = pages_app([group(pages) for group in groups], pages, assets, StandInSessions(), secure=secure)
    cookies = {"satu": role.value} if role else {}
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=ADDRESS, cookies=cookies) as client:
        yield client
