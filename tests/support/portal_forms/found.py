"""Finds the forms and addresses of the portal as people find them: from link to link, role by role."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx2

from shared.auth.policy import Role
from shared.web.guard import GuardedRoute
from tests.support.portal_forms.page import FoundForm, read_page

_MOST = 3  # addresses of one route: of an innovation in three statuses


@dataclass(frozen=True)
class Place:
    """Where a form is. page: the address of the page that shows it; action: the address that it is sent to."""

    page: str
    action: str


@dataclass
class Found:
    """pages: path of a route → addresses of it; forms: path of a route → where forms lead to it; queries: the names
    that forms and links ask with; failed: addresses with the status of an error."""

    pages: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    forms: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    queries: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)


class Routes:
    """The portal's routes by address."""

    def __init__(self, routes: Iterable[GuardedRoute]) -> None:
        self.all = tuple(routes)
        self._patterns = [(each, re.compile(_pattern(each.path))) for each in self.all]

    def at(self, address: str, method: str) -> GuardedRoute | None:
        """The route of an address; one with fewer parameters goes first."""
        path = urlsplit(address).path
        hits = [each for each, pattern in self._patterns if method in each.methods and pattern.fullmatch(path)]
        return min(hits, key=lambda each: each.path.count("{"), default=None)

    def of(self, role: Role | None, method: str) -> list[GuardedRoute]:
        """Those that a role has; None: those of everybody."""
        wanted = role or Role.PUBLIC
        return [each for each in self.all if method in each.methods and wanted in each.roles]


def _pattern(path: str) -> str:
    return re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))


def walk(client: httpx2.Client, routes: Routes, role: Role | None, begin: Sequence[str] = ()) -> Found:
    """Open every page of a role that can be reached, a few of each kind. begin: addresses that no link leads to, as
    those in a mail."""
    found = Found()
    todo = [*begin, *(each.path for each in routes.of(role, "GET") if "{" not in each.path)]
    while todo:
        address = todo.pop(0)
        route = routes.at(address, "GET")
        found.queries.update(name for name, _ in parse_qsl(urlsplit(address).query, keep_blank_values=True))
        if route is None or address in found.pages[route.path] or len(found.pages[route.path]) >= _MOST:
            continue
        found.pages[route.path].append(address)
        answer = client.get(address)
        if answer.status_code >= httpx2.codes.INTERNAL_SERVER_ERROR:
            found.failed.append(f"{address}: {answer.status_code}")
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        page = read_page(answer.text)
        todo += [urljoin(address, each) for each in page.links]
        for form in page.forms:
            _note(found, routes, address, form)
    return found


def _note(found: Found, routes: Routes, address: str, form: FoundForm) -> None:
    action = urljoin(address, form.action or address)
    if form.method == "get":
        found.queries.update(each.name for each in form.fields if each.name)
        return
    route = routes.at(action, "POST")
    places = found.forms[route.path if route else f"no route: {action}"]
    if len(places) < _MOST and Place(address, action) not in places:
        places.append(Place(address, action))
