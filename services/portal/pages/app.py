"""The application of all pages: assets, security headers, guard, routes, and errors as pages."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.portal.pages.assets import Assets, ServeAssets
from services.portal.pages.errors import ErrorPages
from services.portal.pages.guard import PageGuard
from services.portal.pages.navigation import existing
from services.portal.pages.render import Pages
from services.portal.pages.security import SecurityHeaders
from services.portal.pages.session import Sessions
from shared.faults import Fault
from shared.web.app import MOST_UPLOAD
from shared.web.body_limit import MOST_PLAIN, BodyLimit
from shared.web.guard import GuardedRoute, guarded_routes
from shared.web.middleware import RequestMiddleware
from shared.web.routes import Routes

log = structlog.get_logger("portal")


def page_routes(groups: Sequence[Routes]) -> FastAPI:
    """The routes alone, which the role matrix reads."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    for group in groups:
        app.router.routes.extend(group.router().routes)
    return app


def pages_app(groups: Sequence[Routes], pages: Pages, assets: Assets, sessions: Sessions, *, secure: bool) -> ASGIApp:
    """The application. groups: of routes; secure: the pages are reached over TLS. Raises TypeError for a page without a
    policy."""
    app = page_routes(groups)
    routes = guarded_routes(app)
    errors = ErrorPages(pages)
    pages.context.navigation = existing(pages.context.navigation, _paths(routes))
    for kind, handler in ((Fault, errors.fault), (HTTPException, errors.http), (RequestValidationError, _unreadable)):
        app.add_exception_handler(kind, handler)
    app.add_middleware(BodyLimit, plain=MOST_PLAIN, upload=MOST_UPLOAD)
    app.add_middleware(PageGuard, routes=routes, sessions=sessions, errors=errors, secure=secure)
    app.add_middleware(BrokenPages, errors=errors)
    app.add_middleware(ServeAssets, assets=assets)
    app.add_middleware(SecurityHeaders, secure=secure)
    app.add_middleware(RequestMiddleware)
    return app


class BrokenPages:
    """ASGI: answers an unexpected error with a page, and logs it."""

    def __init__(self, app: ASGIApp, errors: ErrorPages) -> None:
        self.app = app
        self._errors = errors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except ClientDisconnect:
            raise
        except Exception:
            if begun:
                raise
            log.exception("portal.broken", method=scope["method"], path=scope["path"])
            await (await self._errors.broken(Request(scope)))(scope, receive, send)


async def _unreadable(request: Request, error: Exception) -> Response:
    """A path or query parameter of another form names nothing that exists."""
    handler = request.app.exception_handlers[HTTPException]
    answer: Response = await handler(request, HTTPException(404, str(error)))
    return answer


def _paths(routes: Sequence[GuardedRoute]) -> set[str]:
    return {each.path for each in routes if "GET" in each.methods}
