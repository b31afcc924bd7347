"""What every template is given besides what its page gives it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from starlette.requests import Request

from services.portal.pages import csrf
from services.portal.pages.assets import Assets
from services.portal.pages.flash import flash_of
from services.portal.pages.language import NAMES, complete, current
from services.portal.pages.navigation import NAVIGATION, Navigation
from services.portal.pages.security import NONCE_KEY
from services.portal.pages.session import session_of
from shared.auth.policy import Role
from shared.contracts.vocabulary import Zone


class Region(Protocol):
    """What the frame of a page shows of a region."""

    @property
    def name(self) -> str:
        """`Kabupaten Kubu Raya`."""

    @property
    def zone(self) -> Zone:
        """Of its times."""


FindRegion = Callable[[str], Awaitable[Region | None]]
"""The code of a region → the region; None while it is not known."""


async def unknown_region(_: str) -> None:
    """None."""


class Context:
    """session: SignedIn or None; region, zone: name and zone of its region; path, here: of the page (a page may give
    something else the name `path`); csrf: the hidden field that every form has; nonce: that every script has; asset: a
    file's name → its path; links: the main navigation; flash: what the page before left; language: its code; languages:
    those that are offered, by code; partial: only a part of the page is asked for; demo: the path of the demo's page,
    empty outside the demo."""

    def __init__(self, assets: Assets, find_region: FindRegion = unknown_region, demo: str = "") -> None:
        self._demo = demo
        self.navigation: Navigation = NAVIGATION
        self._assets = assets
        self._find_region = find_region

    async def values(self, request: Request) -> Mapping[str, Any]:
        """The values for a request."""
        session = session_of(request)
        role = session.role if session else Role.PUBLIC
        code = session.region if session else None
        region = await self._find_region(code) if code else None
        return {
            "session": session,
            "demo": self._demo,
            "region": region.name if region else code or "",
            "zone": region.zone if region else Zone.WIB,
            "path": request.url.path,
            "here": request.url.path,
            "csrf": csrf.field(session.csrf if session else None),
            "nonce": request.scope.get(NONCE_KEY, ""),
            "asset": self._assets.path,
            "links": self.navigation.get(role, ()),
            "flash": flash_of(request),
            "language": current(),
            "languages": {code: name for code, name in NAMES.items() if complete(code)},
            "partial": is_partial(request),
        }


def is_partial(request: Request) -> bool:
    """Whether htmx asks for a part of a page, to be put into the one that is shown."""
    return request.headers.get("hx-request-type") == "partial"
