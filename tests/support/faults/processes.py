"""Starts the real system in a process, and starts it again after SIGKILL, as an init system does."""

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

import httpx2

from shared.auth import keys
from tests.support.client import Away, Issue, eventually, issuing
from tests.support.forks.process import ForkedProcess, forked
from tests.support.paths import ROOT

START = 45.0  # seconds that a process may take until it is ready, on a busy machine
_WORK = ("satu_outbox_documents{", "satu_queue_ready_messages{", "satu_parked_messages{")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@dataclass
class Process:
    """One `satu` process that is started again whenever SIGKILL ends it.

    arguments: `up`, or `serve <service>`; lives: the failpoint at which its first, second … run kills itself (see
    `killed_process`), the run after the last is not disturbed; forks: start it as a fork of the fork server, which is
    faster than a new interpreter by two seconds of processor time.
    """

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    lives: tuple[str, ...] = ()
    deaths: int = 0
    port: int = field(default_factory=free_port)
    admin_port: int = field(default_factory=free_port)
    forks: bool = True
    _child: asyncio.subprocess.Process | ForkedProcess | None = None
    _restarter: asyncio.Task[None] | None = None
    _should_run: bool = True

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def admin_url(self) -> str:
        """The base URL for operators: metrics, and the reasons of readiness."""
        return f"http://127.0.0.1:{self.admin_port}"

    @property
    def ports(self) -> dict[str, str]:
        """The variables of its environment that name its two addresses."""
        return {"PORT": str(self.port), "ADMIN_ADDRESS": f"127.0.0.1:{self.admin_port}"}

    async def start(self) -> None:
        """Start it and keep it running."""
        self._should_run = True
        await self._spawn()
        self._restarter = asyncio.create_task(self._restart())

    async def kill(self) -> None:
        """Send SIGKILL; it is started again."""
        self.send(signal.SIGKILL)

    @property
    def is_stopped(self) -> bool:
        """Whether SIGSTOP has stopped it."""
        if self._child is None or self._child.returncode is not None:
            return False
        return Path(f"/proc/{self._child.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"

    def send(self, number: signal.Signals) -> None:
        """Send a signal, if it runs."""
        if self._child is not None and self._child.returncode is None:
            self._child.send_signal(number)

    async def stop(self) -> int:
        """Send SIGTERM; returns the exit status."""
        self._should_run = False
        if self._restarter is not None:
            self._restarter.cancel()
            await asyncio.gather(self._restarter, return_exceptions=True)
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
        """Wait until `/health/ready` succeeds. Raises RuntimeError when the process ended otherwise than by SIGKILL."""
        async with asyncio.timeout(START), httpx2.AsyncClient(trust_env=False) as http:
            while True:
                if failure := self.failure():
                    raise failure
                try:
                    if (await http.get(f"{self.url}/health/ready")).is_success:
                        return
                except httpx2.TransportError:
                    pass
                await asyncio.sleep(0.05)

    async def _spawn(self) -> None:
        where = self.lives[self.deaths] if self.deaths < len(self.lives) else "never"
        environment = {**os.environ, **self.environment, **self.ports}
        command = ("tests.support.faults.killed_process", where, *self.arguments)
        with self.log.open("ab") as log:
            if self.forks:
                self._child = await forked(*command, environment=environment, stdout=log, stderr=log)
            else:
                self._child = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", *command), cwd=ROOT, env=environment, stdout=log, stderr=log
                )

    async def _restart(self) -> None:
        while self._should_run and self._child is not None:
            status = await self._child.wait()
            if not self._should_run:
                return
            if status != -signal.SIGKILL:
                raise RuntimeError(f"{self.arguments} ended with {status}:\n{self.log.read_text()[-4000:]}")
            self.deaths += 1
            await self._spawn()

    def failure(self) -> BaseException | None:
        """Why it is not restarted any more, if that is so: it ended with another status than that of SIGKILL."""
        done = self._restarter is not None and self._restarter.done() and not self._restarter.cancelled()
        return self._restarter.exception() if done and self._restarter is not None else None


class RunningSystem:
    """All services in one process, on embedded engines or on RabbitMQ and MongoDB. An asynchronous context manager."""

    def __init__(self, folder: Path, environment: Mapping[str, str], *, smtp: str, lives: tuple[str, ...] = ()) -> None:
        """environment: which engines to use; lives: see `Process`."""
        self.data = folder / "data"
        settings = {
            "DATA_DIR": str(self.data),
            "SMTP_URL": smtp,
            "MAIL_FROM": "satu@satu.example",
            "MAIL_DOMAIN": "satu.example",
            "PUBLIC_URL": "https://satu.example",
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
        """The base URL."""
        return self.process.url

    @property
    def issue(self) -> Issue:
        """Issues tokens for grants."""
        return issuing(self.data)

    async def wait_until_idle(self, within: float = 30.0) -> None:
        """Wait until the metrics show no event to publish, no message in a queue, and none that is parked."""
        async with httpx2.AsyncClient(trust_env=False) as http:

            async def work() -> list[str]:
                try:
                    text = (await http.get(f"{self.process.admin_url}/metrics")).text
                except httpx2.TransportError as error:
                    raise Away(str(error)) from error
                return [line for line in text.splitlines() if line.startswith(_WORK) and float(line.split()[-1]) > 0]

            await eventually(work, lambda left: not left, within=within)
