"""`/metrics` of a process under test measures before it answers, so that who reads it waits for no measurement.

To measure every third of a second instead kept an idle process and its servers busy for half of a core.
"""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.runtime import admin_app, process, service_runner
from shared.runtime.health import Health
from shared.runtime.lag import Lag


class Running(Lag):
    """A lag that is known while it runs."""

    all: set[Lag] = set()  # noqa: RUF012 - of the process

    def _begin(self) -> None:
        self.all.add(self)

    async def _finish(self) -> None:
        self.all.discard(self)


def measure_when_asked() -> None:
    """From now on, in this process. Before anything of it is started."""

    def measuring(health: Health) -> ASGIApp:
        app = admin_app.admin_app(health)

        async def asked(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and scope["path"] == "/metrics":
                await asyncio.gather(*(lag.measure() for lag in Running.all))
            await app(scope, receive, send)

        return asked

    for module, name, value in ((process, "admin_app", measuring), (service_runner, "Lag", Running)):
        assert name in vars(module)
        setattr(module, name, value)
