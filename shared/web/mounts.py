"""Several applications below prefixes of one address."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send


class Mounts:
    """ASGI: passes a request to the application below whose prefix its path is, and any other to the rest.

    As Starlette's `Mount`, without an application and a router around it: the prefix becomes part of `root_path`.
    """

    def __init__(self, applications: Mapping[str, ASGIApp], rest: ASGIApp) -> None:
        """applications: by prefix, such as `/registry/v1`; no prefix may begin another one."""
        self._applications = {f"{prefix}/": application for prefix, application in applications.items()}
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        path: str = scope["path"]
        for prefix, application in self._applications.items():
            if path.startswith(prefix):
                root = scope.get("root_path", "")
                below = {**scope, "root_path": root + prefix[:-1], "app_root_path": scope.get("app_root_path", root)}
                await application(below, receive, send)
                return
        await self._rest(scope, receive, send)
