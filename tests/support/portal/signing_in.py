"""Puts the stand-in's sessions in the place of those that the portal was composed with."""

from __future__ import annotations

from typing import cast

from fastapi import FastAPI

from services.portal.pages.guard import PageGuard
from services.portal.pages.session import Sessions
from shared.runtime.process import Running


def replace_sessions(process: Running, sessions: Sessions) -> None:
    """To be called before the first request to a page."""
    app = cast("FastAPI", process.services["portal"].pages)
    assert app.middleware_stack is None, "the pages have answered a request already"
    guards = [each for each in app.user_middleware if cast("object", each.cls) is PageGuard]
    assert len(guards) == 1
    guards[0].kwargs["sessions"] = sessions
