"""Who is signed in, as the pages see it. The package `accounts` finds it by the cookie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from starlette.requests import Request

from shared.auth.policy import Principal, Role
from shared.faults import Unauthenticated

SESSION_KEY = "satu.portal.session"
"""The key in a request's ASGI scope of its SignedIn; None: nobody is signed in."""

SECURE_COOKIE, PLAIN_COOKIE = "__Host-satu", "satu"
"""The cookie of a session: over TLS, and on this machine without it."""


@dataclass(frozen=True)
class SignedIn:
    """A person with a session. session, account: ids; name: as the person wrote it; agencies: ids that an agency's
    account speaks for; csrf: the secret of the session's forms; language: chosen in the account, None: not chosen."""

    session: str
    account: str
    name: str
    role: Role
    region: str | None
    agencies: tuple[str, ...]
    csrf: str
    language: str | None = None

    @property
    def principal(self) -> Principal:
        """As routes know who asks."""
        region = None if self.role is Role.OPERATOR else self.region
        return Principal(self.account, self.role, region, frozenset(self.agencies))


class Sessions(Protocol):
    """Finds sessions."""

    async def of(self, cookie: str | None) -> SignedIn | None:
        """The session of a cookie's value; None for no cookie, an unknown one, or a session that has ended."""


class NoSessions:
    """Nobody is signed in."""

    async def of(self, cookie: str | None) -> SignedIn | None:  # noqa: ARG002 - as `Sessions`
        """None."""
        return None


def session_of(request: Request) -> SignedIn | None:
    """The session of a request; None: nobody is signed in."""
    session: SignedIn | None = request.scope.get(SESSION_KEY)
    return session


def signed_in(request: Request) -> SignedIn:
    """The session of a request. Raises Unauthenticated without one."""
    session = session_of(request)
    if session is None:
        raise Unauthenticated
    return session
