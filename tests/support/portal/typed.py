"""A browser without a script at forms that carry the print of what they showed when they were opened."""

from __future__ import annotations

import re
from html import unescape

import httpx2

from services.portal.pages import csrf
from shared.auth.policy import Role
from tests.support.portal.stand_in import person

_PRINT = re.compile(r'name="asal" value="([^"]*)"')


class Typist:
    """Opens pages as a role's person; what was opened last is the form that is sent next."""

    def __init__(self, http: httpx2.AsyncClient, role: Role) -> None:
        self.http, self._secret, self._opened = http, csrf.shown(person(role).csrf), ""

    async def open(self, path: str) -> str:
        """The page; fails for an error."""
        answer = await self.http.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return self._seen(answer.text)

    async def send(self, path: str, **fields: str) -> httpx2.Response:
        """Send a form, and do not follow to where it leads."""
        answer = await self.http.post(path, data={csrf.FIELD: self._secret, "asal": self._opened, **fields})
        if not answer.is_redirect:
            self._seen(answer.text)
        return answer

    def _seen(self, text: str) -> str:
        found = _PRINT.search(text)
        assert found is not None
        self._opened = unescape(found[1])
        return text
