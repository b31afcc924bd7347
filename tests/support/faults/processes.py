"""Processes of the real system for a fault test: started, killed at a moment, started again, as an init would.

A town is one set of engines (embedded, or RabbitMQ and MongoDB) with a process that runs all services on them.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import httpx

from shared.auth import keys
from tests.support.client import Away, Issue, eventually, issuing
from tests.support.paths import ROOT

START = 45.0  # seconds that a process may take until it is ready, on a busy machine
_WORK = ("satu_outbox_documents{", "satu_queue_ready_messages{", "satu_parked_messages{")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@dataclass
class Process:
    """One `satu` process that is started again whenever it dies of SIGKILL. arguments: `up`, or `serve <service>`;
    lives: where its first, second … life ends; the one after the last runs undisturbed."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    lives: tuple[str, ...] = ()
    deaths: int = 0
    port: int = field(default_factory=free_port)
    _child: asyncio.subprocess.Process | None = None
    _keeper: asyncio.Task[None] | None = None
    _wanted: bool = True

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it, and keep it."""
        self._wanted = True
        await self._spawn()
        self._keeper = asyncio.create_task(self._keep())

    async def kill(self) -> None:
        """SIGKILL, now; it comes back by itself."""
        if self._child is not None and self._child.returncode is None:
            self._child.send_signal(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM; the exit status."""
        self._wanted = False
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        if self._child is None:
            return 0
        if self._child.returncode is None:
            self._child.terminate()
        try:
            async with asyncio.timeout(30):
                return await self._child.wait()
        except TimeoutError:
            self._child.kill()
            await self._child.wait()
            raise

    async def ready(self) -> None:
        """Wait until it says that all of it is ready."""
        async with asyncio.timeout(START), httpx.AsyncClient(trust_env=False) as http:
            while True:
                try:
                    if (await http.get(f"{self.url}/health/ready")).is_success:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.1)

    async def _spawn(self) -> None:
        where = self.lives[self.deaths] if self.deaths < len(self.lives) else "never"
        with self.log.open("ab") as log:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "tests.support.faults.killed_process", where, *self.arguments),
                cwd=ROOT,
                env={**os.environ, **self.environment, "PORT": str(self.port)},
                stdout=log,
                stderr=log,
            )

    async def _keep(self) -> None:
        while self._wanted and self._child is not None:
            status = await self._child.wait()
            if not self._wanted:
                return
            if status != -signal.SIGKILL:
                raise RuntimeError(f"{self.arguments} ended with {status}:\n{self.log.read_text()[-4000:]}")
            self.deaths += 1
            await self._spawn()

    def fault(self) -> BaseException | None:
        """What ended its keeper, if anything."""
        done = self._keeper is not None and self._keeper.done() and not self._keeper.cancelled()
        return self._keeper.exception() if done and self._keeper is not None else None


class Town:
    """`async with Town(…) as town`: the process runs, and whoever kills it sees it come back."""

    def __init__(self, folder: Path, environment: Mapping[str, str], *, smtp: str, lives: tuple[str, ...] = ()) -> None:
        """environment: which engines; lives: see `Process`."""
        self.data = folder / "data"
        settings = {
            "DATA_DIR": str(self.data),
            "SMTP_URL": smtp,
            "MAIL_FROM": "satu@satu.example",
            "MAIL_DOMAIN": "satu.example",
            "LOG_FORMAT": "json",
            **environment,
        }
        self.process = Process(("up",), settings, folder / "up.log", lives)

    async def __aenter__(self) -> Self:
        self.process.log.parent.mkdir(parents=True, exist_ok=True)
        keys.init(self.data, self.data / "access")
        await self.process.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.process.stop()

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.process.url

    @property
    def issue(self) -> Issue:
        """Gives tokens for grants."""
        return issuing(self.data)

    async def at_rest(self, within: float = 30.0) -> None:
        """Wait until nothing is owed and nothing waits in any queue; nothing may be parked then."""
        async with httpx.AsyncClient(trust_env=False) as http:

            async def work() -> list[str]:
                try:
                    text = (await http.get(f"{self.url}/metrics")).text
                except httpx.TransportError as error:
                    raise Away(str(error)) from error
                return [line for line in text.splitlines() if line.startswith(_WORK) and float(line.split()[-1]) > 0]

            await eventually(work, lambda left: not left, within=within)
