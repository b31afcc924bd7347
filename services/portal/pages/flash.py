"""A sentence for the page after the next: a form was accepted, and the browser is sent elsewhere.

It is kept in the browser for that page alone, in a cookie, because a redirection has no content and an address must
not carry it.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

COOKIE = "kabar"
_SECONDS = 60
_LONGEST = 500  # characters
_SEE_OTHER = 303

Kind = Literal["success", "info", "warning"]


@dataclass(frozen=True)
class Flash:
    """kind: how the banner looks."""

    kind: Kind
    text: str


def redirect(to: str, text: str = "", kind: Kind = "success") -> Response:
    """Send the browser to another page of ours, which shows the sentence. to: a path, beginning with `/`.

    Raises ValueError for an address outside.
    """
    if not is_local(to):
        raise ValueError("a redirection stays within the portal")
    answer = RedirectResponse(to, status_code=_SEE_OTHER)
    if text:
        content = base64.urlsafe_b64encode(json.dumps([kind, text[:_LONGEST]]).encode()).decode()
        answer.set_cookie(COOKIE, content, max_age=_SECONDS, httponly=True, samesite="lax")
    return answer


def is_local(path: str) -> bool:
    """Whether an address is a path of this portal; browsers read `//host` as a host, and likewise with a backslash."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()


def flash_of(request: Request) -> Flash | None:
    """The sentence that the page before has left; None without one."""
    content = request.cookies.get(COOKIE)
    if not content:
        return None
    try:
        kind, text = json.loads(base64.urlsafe_b64decode(content))
    except (binascii.Error, ValueError, TypeError):
        return None
    return Flash(kind, text) if kind in {"success", "info", "warning"} and isinstance(text, str) else None
