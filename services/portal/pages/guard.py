"""ASGI middleware before every page: who is signed in, whether the role may, where the form comes from and its secret.

Default deny: a page without roles fails at start. `Role.PUBLIC` on a page means everybody, signed in or not.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.portal.pages import csrf, language
from services.portal.pages.errors import FOREIGN_FORM, STARTING, ErrorPages, to_sign_in
from services.portal.pages.forms import FORM_KEY, MULTIPART, parsed
from services.portal.pages.security import from_own_page
from services.portal.pages.session import PLAIN_COOKIE, SECURE_COOKIE, SESSION_KEY, Sessions, SignedIn
from shared.auth.policy import CALLER_KEY, PRINCIPAL_KEY, PUBLIC, Principal, Role
from shared.faults import Fault, TooLarge
from shared.observability.actor import Actor, acting
from shared.observability.failpoints import Failpoint, reach
from shared.runtime.service import CLOSED_KEY
from shared.web.app import MOST_UPLOAD
from shared.web.body_limit import MEDIA_TYPES_KEY, MOST_PLAIN
from shared.web.error_handlers import http_problem
from shared.web.guard import MUTATING, GuardedRoute
from shared.web.problems import not_allowed
from shared.web.route_table import RouteTable, path_below_mount

Answer = Callable[[Request], Awaitable[Response]]


class PageGuard:
    """Passes a request on to its page, or answers with the sign-in or an error page."""

    def __init__(
        self, app: ASGIApp, routes: Sequence[GuardedRoute], sessions: Sessions, errors: ErrorPages, *, secure: bool
    ) -> None:
        """secure: sessions are in the cookie that only TLS carries."""
        self.app = app
        self._table = RouteTable(routes)
        self._sessions = sessions
        self._errors = errors
        self._cookie = SECURE_COOKIE if secure else PLAIN_COOKIE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}  # the server sends the head of the answer alone
        request = Request(scope, receive)
        with language.speaking(request.cookies.get(language.COOKIE)):
            if CLOSED_KEY in scope:
                answer = await self._errors.page(request, HTTPStatus.SERVICE_UNAVAILABLE, STARTING)
                await answer(scope, receive, send)
                return
            try:
                session = await self._sessions.of(request.cookies.get(self._cookie))
            except Fault as fault:
                await (await self._errors.fault(request, fault))(scope, receive, send)
                return
        scope[SESSION_KEY] = session
        with language.speaking(session.language if session else None, request.cookies.get(language.COOKIE)):
            await self._guarded(request, session, send)

    async def _guarded(self, request: Request, session: SignedIn | None, send: Send) -> None:
        scope, receive = request.scope, request.receive
        principal = scope[CALLER_KEY] = session.principal if session else PUBLIC
        route, allowed = self._table.find(path_below_mount(scope), scope)
        if route is None:
            await (await self._unknown(request, allowed))(scope, receive, send)
            return
        scope[MEDIA_TYPES_KEY] = route.media_types
        try:
            refusal = await self._refusal(route, request, principal, session)
        except Fault as fault:
            refusal = await self._errors.fault(request, fault)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        scope[PRINCIPAL_KEY] = principal
        if FORM_KEY in scope:
            receive = _nothing_more
        with acting(_actor(route, scope, principal)):
            await self.app(scope, receive, send)

    async def _unknown(self, request: Request, allowed: set[str]) -> Response:
        """The answer at a path that no page has, or with another method: programs get a problem document."""
        status = HTTPStatus.METHOD_NOT_ALLOWED if allowed else HTTPStatus.NOT_FOUND
        if "text/html" in request.headers.get("accept", ""):
            return await self._errors.page(request, status)
        if allowed:
            return not_allowed(allowed, instance=request.scope["path"])
        return await http_problem(request, HTTPException(status))

    async def _refusal(
        self, route: GuardedRoute, request: Request, principal: Principal, session: SignedIn | None
    ) -> Response | None:
        """What is answered instead of the page; None: the page may run."""
        if not may(route, principal):
            return to_sign_in(request) if session is None else await self._errors.page(request, HTTPStatus.FORBIDDEN)
        if request.method not in MUTATING:
            return None
        if not from_own_page(request):
            return await self._errors.page(request, HTTPStatus.FORBIDDEN, FOREIGN_FORM)
        with_files = MULTIPART in route.media_types
        _require_size(request, MOST_UPLOAD if with_files else MOST_PLAIN)
        if not with_files:
            form = request.scope[FORM_KEY] = parsed(await _body(request, MOST_PLAIN))
            given = request.headers.get(csrf.HEADER) or form.text(csrf.FIELD)
            if session is not None and not csrf.is_right(given, session.csrf):
                return await self._errors.page(request, HTTPStatus.FORBIDDEN, FOREIGN_FORM)
        reach(Failpoint.COMMAND_RECEIVED, request.scope["path"])
        return None


def may(route: GuardedRoute, principal: Principal) -> bool:
    """Whether a page is for this role."""
    return Role.PUBLIC in route.roles or principal.role in route.roles


def _actor(route: GuardedRoute, scope: Scope, who: Principal) -> Actor:
    client = scope.get("client")
    account = None if who.role is Role.PUBLIC else who.id
    return Actor(account, who.role.value, client[0] if client else None, f"{scope['method']} {route.path}")


def _require_size(request: Request, most: int) -> None:
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > most:
        raise TooLarge


async def _body(request: Request, most: int) -> bytes:
    """The whole body. Raises TooLarge, ClientDisconnect."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise TooLarge
        parts.append(part)
    return b"".join(parts)


async def _nothing_more() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}
