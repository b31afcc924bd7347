"""The people of one role who use the portal under test, with what each of them finds there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.portal.accounts.account import Account
from services.portal.accounts.session import Step
from services.portal.accounts.sessions import Sessions
from shared.auth.policy import Role
from shared.storage.repository import Versioned
from tests.support.portal.process import PortalProcess
from tests.support.portal_forms.found import Found, Routes
from tests.support.portal_forms.target import Person, Watched
from tests.support.portal_forms.world import People, people_of


@dataclass(frozen=True)
class Visit:
    """A person, and what they found."""

    person: Person
    found: Found


class Team:
    """Those of a role: somebody without a second factor everywhere, and somebody with one where their own account is.
    Of the public (None), the other one has yet to give the code of the second factor."""

    def __init__(self, portal: PortalProcess, role: Role | None, routes: Routes, watched: Watched) -> None:
        self.role = role
        self.routes = routes
        self.ids = [*portal.told.agencies.values(), *portal.told.innovations.values()]
        self._portal = portal
        self._watched = watched
        people: People = portal.do(people_of(portal))
        own = [portal.told.agencies[key] for key in ("satu", "dua")]
        guarded = people.guarded[role or Role.CURATOR]
        step, place = (Step.OPEN, "/akun") if role else (Step.CODE, "/masuk/kode")
        some = Routes(each for each in routes.all if each.path.startswith(place))
        self.visits = [
            self._visit((lambda: portal.sign_in(role, *own)["value"]) if role else str, routes, people.begin[role]),
            self._visit(self._session(guarded, step), some, ()),
        ]

    def leave(self) -> None:
        """Close all connections."""
        for visit in self.visits:
            visit.person.http.close()

    def missing(self, method: str) -> set[str]:
        """The routes of the role that no link and no form leads to."""
        places = [visit.found.pages if method == "GET" else visit.found.forms for visit in self.visits]
        return {each.path for each in self.routes.of(self.role, method)} - {path for each in places for path in each}

    def _visit(self, cookie: Callable[[], str], routes: Routes, begin: Sequence[str]) -> Visit:
        person = Person(self._portal.url, self.role, cookie, self._watched)
        return Visit(person, person.found(routes, begin))

    def _session(self, account: Versioned[Account], step: Step) -> Callable[[], str]:
        def begin() -> str:
            assert self._portal.running is not None
            sessions = Sessions(self._portal.running.resources["portal"].store)
            self._portal.do(sessions.begin(account, Step.OPEN, device="Firefox, Linux"))  # another one, to be ended
            return self._portal.do(sessions.begin(account, step, device="Chrome, Linux"))

        return begin
