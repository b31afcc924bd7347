"""One process with all services and the portal, for the browser tests of a worker; in a thread with a loop of its own,
so that every test may have a loop of its own as well."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock
from zoneinfo import ZoneInfo

from services.portal.pages.session import PLAIN_COOKIE
from shared.auth import keys
from shared.auth.policy import Role
from shared.clock import Clock
from shared.demo import sample
from shared.runtime.process import Running, running
from shared.settings import load
from tests.support.portal.stand_in import signed_in
from tests.support.portal.told import Told, tell

T = TypeVar("T")

BEGIN = datetime(2025, 11, 3, 9, 0, tzinfo=ZoneInfo("Asia/Pontianak"))
"""Business time at the start: four weeks before the deadline of the sample region."""

_SECONDS = 60.0
_START_SECONDS = 180.0  # the sample is told to a machine that may run many other tests

Telling = Callable[[sample.Sample, str, Callable[[keys.Grant], str]], Awaitable[Told]]
"""Of a sample, the process's address, and what makes tokens."""


class PortalProcess:
    """url: of the portal; told: what its region has. The process and what it holds are shared by all tests of the
    worker: a test changes what it has made itself."""

    def __init__(self, data: Path, telling: Telling = tell) -> None:
        """telling: registers the region that the process begins with."""
        self.url = ""
        self.told = Told()
        self.running: Running | None = None
        self._data = data
        self._telling = telling
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._started: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="portal", daemon=True)

    def start(self) -> None:
        """Run, and tell the sample. Raises what keeps it from running."""
        self._thread.start()
        self._started.result(_START_SECONDS)

    def stop(self) -> None:
        """End in order."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(_SECONDS)

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the loop of the process, and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_SECONDS)

    def token(self, role: Role, agencies: tuple[str, ...] = ()) -> str:
        """A token for the JSON interfaces."""
        region = None if role is Role.OPERATOR else self.told.code
        return self._issue(keys.Grant(f"test-{role}", role, region, agencies))

    def sign_in(self, role: Role, *agencies: str, name: str = "") -> dict[str, str]:
        """A new session of a person; the cookie, as Playwright's `add_cookies` takes it."""
        assert self.running is not None
        own = agencies or (self.told.agencies["disdikbud"],)
        cookie = self.do(signed_in(self.running.resources["portal"], role, own, name))
        return {"name": PLAIN_COOKIE, "value": cookie, "url": self.url}

    def _issue(self, grant: keys.Grant) -> str:
        return keys.issue(self._data, grant, timedelta(days=1))

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._main())
        except BaseException as error:  # noqa: BLE001 - whoever waits for the start is told
            if not self._started.done():
                self._started.set_exception(error)
        finally:
            self._loop.close()

    async def _main(self) -> None:
        keys.init(self._data, self._data / "access")
        settings = load({}, data_dir=self._data, port=0)
        with mock.patch("services.portal.main.shows_style_guide", return_value=True):
            async with running(settings, clock=Clock(BEGIN)) as process:
                self.running, self.url = process, process.url
                self.told = await self._telling(sample.load(), process.url, self._issue)
                self._started.set_result(None)
                await self._over.wait()
