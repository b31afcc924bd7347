"""What the pages of accounts share."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from services.portal.accounts.device import device_of
from services.portal.accounts.refusals import Locked
from services.portal.accounts.session import ABSOLUTE
from services.portal.accounts.signing_in import Client
from services.portal.pages.flash import is_local
from services.portal.pages.language import _
from services.portal.pages.session import PLAIN_COOKIE, SECURE_COOKIE
from shared.auth.policy import Role
from shared.clock import Clock

HOMES: Mapping[Role, str] = {
    Role.AGENCY: "/opd",
    Role.CURATOR: "/kurator",
    Role.EXECUTIVE: "/pimpinan",
    Role.OPERATOR: "/operator",
}
EVERY_ROLE = tuple(HOMES)
_LONGEST = 500  # characters of a path to go on to


class SessionCookie:
    """The cookie of the browser's session. secure: the portal is reached over TLS."""

    def __init__(self, *, secure: bool) -> None:
        self.name = SECURE_COOKIE if secure else PLAIN_COOKIE
        self._secure = secure

    def of(self, request: Request) -> str | None:
        """Its value."""
        return request.cookies.get(self.name)

    def give(self, answer: Response, cookie: str) -> Response:
        """With the cookie of another session."""
        answer.set_cookie(
            self.name,
            cookie,
            max_age=int(ABSOLUTE.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=self._secure,
        )
        return answer

    def take(self, answer: Response) -> Response:
        """Without it."""
        answer.delete_cookie(self.name, httponly=True, samesite="lax", secure=self._secure)
        return answer


def client_of(request: Request) -> Client:
    """From where a request comes."""
    address = request.client.host if request.client else ""
    return Client(address, device_of(request.headers.get("user-agent", "")))


def wanted(to: str) -> str:
    """Where somebody wanted to go, if that is a page of ours; else empty."""
    return to if is_local(to) and len(to) <= _LONGEST else ""


def onward(role: Role, to: str) -> str:
    """Where somebody goes who has signed in: where they wanted to go, else their role's first page."""
    return wanted(to) or HOMES[role]


def locked(fault: Locked) -> str:
    """What to do about a lock."""
    minutes = max(1, -(-int((fault.until - Clock.machine()).total_seconds()) // 60))
    return _("Terlalu banyak percobaan yang salah. Coba lagi dalam %(minutes)d menit.") % {"minutes": minutes}
