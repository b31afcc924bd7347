"""Pages by cursor: `?limit=1..200&after=`, `{"items": […], "next": …}` and a `Link` to the next page (RFC 8288)."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response


def paged(request: Request, response: Response, items: list[Any], after: str | None) -> dict[str, Any]:
    """The body of a page, and its `Link` header. after: the cursor of the next page, None on the last. The link keeps
    all other parameters and has no host, so that it works behind any proxy."""
    if after is not None:
        following = request.url.include_query_params(after=after)
        response.headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    return {"items": items, "next": after}
