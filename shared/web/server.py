"""The HTTP server of a process: uvicorn, without its own signals, logs and lifespan."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from shared.faults import Flaw, Misconfigured

_BACKLOG = 2048


class _Quiet(uvicorn.Server):
    """Signals are the process's business."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Server:
    """Answers on one address. Port 0 takes a free one."""

    def __init__(self, app: ASGIApp, host: str, port: int, *, stop_seconds: float) -> None:
        """Takes the port at once. Raises Misconfigured when it cannot."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            self._socket = socket.create_server((host, port), family=family, backlog=_BACKLOG)
        except OSError as error:
            reason = error.strerror or str(error)
            raise Misconfigured([Flaw("PORT", "unusable", f"cannot listen on {host}:{port}: {reason}")]) from error
        # Accepted connections inherit it. asyncio sets it only where the socket names its protocol; an answer in two
        # writes then waits 40 ms for the other side's delayed acknowledgement.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port: int = self._socket.getsockname()[1]
        shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
        self.url = f"http://[{shown}]:{self.port}" if ":" in shown else f"http://{shown}:{self.port}"
        self._uvicorn = _Quiet(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=75,
                timeout_graceful_shutdown=max(1, int(stop_seconds)),
            )
        )
        self._task: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Answer from now on."""
        self._task = asyncio.create_task(self._uvicorn.serve(sockets=[self._socket]), name="http")
        while not self._uvicorn.started:
            if self._task.done():
                await self._task
            await asyncio.sleep(0.005)

    async def end(self) -> None:
        """Take nothing in any more; let what is under way end."""
        self._uvicorn.should_exit = True
        if self._task is not None:
            await self._task
        self._socket.close()
