"""An agency of the browser tests' region with its people: each test makes its own."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from uuid import uuid4

import httpx2

from shared.auth.policy import Role
from tests.support.client import Regency
from tests.support.portal.process import PortalProcess
from tests.support.registry_samples import valid_profile

_HIDDEN = re.compile(r'<input type="(?:hidden|text)" name="(versi|asal|key)" value="([^"]*)"')
_SECRET = re.compile(r'name="csrf" value="([^"]+)"')


class Bureau(Regency):
    """The region that the process was told of, with agencies of a test's own."""

    def __init__(self, portal: PortalProcess) -> None:
        super().__init__(portal.url, portal._issue)
        self.portal = portal
        self.code = portal.told.code

    async def new_agency(self) -> str:
        """Register an agency; its id, once the portal knows it."""
        return await self.agency(f"Dinas Uji {uuid4().hex[:6]} (contoh)")

    async def new_draft(self, agency: str, **profile: Any) -> str:  # noqa: ANN401 - fields of a profile
        """A draft that lacks nothing but what is set to None; its id."""
        return await self.draft(agency, {**valid_profile(), **profile}, {}, self.portal.told.year)

    def client(self, agency: str) -> FormClient:
        """A browser without a screen, of a person with an account of their own."""
        return FormClient(self.portal.url, self.portal.sign_in(Role.AGENCY, agency))


class FormClient:
    """Opens pages and sends forms, as a browser without JavaScript does."""

    def __init__(self, url: str, cookie: dict[str, str]) -> None:
        self.http = httpx2.AsyncClient(base_url=url, cookies={cookie["name"]: cookie["value"]}, follow_redirects=True)

    async def page(self, path: str) -> str:
        """A page; fails for an error."""
        answer = await self.http.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    async def send(self, path: str, page: str, **fields: str) -> httpx2.Response:
        """Send a form of `page` to `path`, and follow to the page that it leads to. Hidden fields of the page are sent
        along if they are not given: the version, the prints, the key."""
        text = await self.page(page)
        return await self.http.post(path, data={"csrf": secret_in(text), **hidden_in(text), **fields})

    async def close(self) -> None:
        """Close all connections."""
        await self.http.aclose()


def secret_in(page: str) -> str:
    """The secret of the forms of a page."""
    found = _SECRET.search(page)
    assert found is not None
    return found[1]


def hidden_in(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms besides the secret: the version, the prints, the key."""
    return {name: unescape(value) for name, value in _HIDDEN.findall(page)}
