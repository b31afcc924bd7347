"""Serves the page of the HTTP interface: Swagger UI with "try it", from files of an installed package.

The page loads nothing from another server and has no script of its own in its HTML, so that its content security
policy forbids both.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

_PACKAGE = "fastapi_offline"  # its code is never imported; it carries Swagger UI's files
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_KEPT = {"Cache-Control": "public, max-age=86400"}  # a megabyte and a half that changes with an upgrade only

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="docs/swagger-ui.css"></head>
<body><div id="page"></div>
<script src="docs/swagger-ui-bundle.js"></script><script src="docs/start.js"></script></body></html>
"""
_START = """SwaggerUIBundle({
  url: "openapi.json", dom_id: "#page", deepLinking: true, docExpansion: "list", defaultModelsExpandDepth: 0,
  displayRequestDuration: true, showExtensions: true, tryItOutEnabled: true, validatorUrl: null,
});
"""


@dataclass(frozen=True)
class _Asset:
    file: str
    media_type: str


_ASSETS = (
    _Asset("swagger-ui.css", "text/css"),
    _Asset("swagger-ui-bundle.js", "text/javascript"),
)


def add_docs_page(app: FastAPI) -> None:
    """Add `/docs` and the files that it loads to an application that has `/openapi.json`."""
    page = _PAGE.format(title=escape(app.title))

    async def docs_html(_: Request) -> Response:
        return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY})

    async def start_js(_: Request) -> Response:
        return Response(_START, media_type="text/javascript", headers=_KEPT)

    app.add_route("/docs", docs_html, include_in_schema=False)
    app.add_route("/docs/start.js", start_js, include_in_schema=False)
    for asset in _ASSETS:
        app.add_route(f"/docs/{asset.file}", _answering(asset), include_in_schema=False)


def _answering(asset: _Asset) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        return FileResponse(_folder() / asset.file, media_type=asset.media_type, headers=_KEPT)

    return answer


@cache
def _folder() -> Path:
    """The package's static files. Raises ModuleNotFoundError when it is not installed."""
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"No module named {_PACKAGE!r}", name=_PACKAGE)
    return Path(spec.submodule_search_locations[0]) / "static"
