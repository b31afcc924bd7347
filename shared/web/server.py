"""The HTTP server of a process: uvicorn without its own signal handlers, logs and lifespan."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Iterator
from functools import partial
from typing import cast

import uvicorn
from starlette.types import ASGIApp
from typing_extensions import override

from shared.clock import machine_seconds
from shared.faults import Flaw, Misconfigured
from shared.web.connections import ConnectionLimits, LimitedConnection

_BACKLOG = 2048
_LOG_EVERY = 60.0  # seconds between two lines with the same message


class OncePerMinute(logging.Filter):
    """Passes each warning at most once a minute: a scanner must not fill the log. The next line tells how many were
    left out."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}
        self._left_out: dict[str, int] = {}

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno != logging.WARNING:
            return True
        message, now = str(record.msg), machine_seconds()
        if now - self._last.get(message, -_LOG_EVERY) < _LOG_EVERY:
            self._left_out[message] = self._left_out.get(message, 0) + 1
            return False
        self._last[message] = now
        if left_out := self._left_out.pop(message, 0):
            record.msg = f"{message} ({left_out} more since the last such line)"
        return True


_ONCE_PER_MINUTE = OncePerMinute()


class _UvicornWithoutSignals(uvicorn.Server):
    """Leaves signals to the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Server:
    """Serves an application on one address. Port 0 picks a free one."""

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        port: int,
        *,
        stop_seconds: float,
        setting: str = "PORT",
        trusted_proxies: str = "",
        limits: ConnectionLimits | None = None,
    ) -> None:
        """Bind the port at once. setting: the name of the address in an error; trusted_proxies: addresses or networks,
        separated by commas, whose `X-Forwarded-For` names the client. Raises Misconfigured when binding fails."""
        limits = limits or ConnectionLimits()
        logging.getLogger("uvicorn.error").addFilter(_ONCE_PER_MINUTE)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            self._socket = socket.create_server((host, port), family=family, backlog=_BACKLOG)
        except OSError as error:
            reason = error.strerror or str(error)
            raise Misconfigured([Flaw(setting, "unusable", f"cannot listen on {host}:{port}: {reason}")]) from error
        # Accepted connections inherit it. asyncio sets it only on sockets that name their protocol; without it an
        # answer in two writes waits 40 ms for the client's delayed acknowledgement.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port: int = self._socket.getsockname()[1]
        shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
        self.url = f"http://[{shown}]:{self.port}" if ":" in shown else f"http://{shown}:{self.port}"
        self._stopping = asyncio.Event()
        self._uvicorn = _UvicornWithoutSignals(
            uvicorn.Config(
                app,
                http=cast("type[asyncio.Protocol]", partial(LimitedConnection, limits=limits, stopping=self._stopping)),
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                proxy_headers=bool(trusted_proxies),
                forwarded_allow_ips=trusted_proxies,
                timeout_keep_alive=int(limits.idle),
                timeout_graceful_shutdown=max(1, int(stop_seconds)),
            )
        )
        self._task: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Start serving. Returns once the server accepts connections."""
        self._task = asyncio.create_task(self._uvicorn.serve(sockets=[self._socket]), name="http")
        while not self._uvicorn.started:
            if self._task.done():
                await self._task
            await asyncio.sleep(0.005)

    def release(self) -> None:
        """Give the port up without having served."""
        self._socket.close()

    async def end(self) -> None:
        """Stop accepting, finish the running requests, close the socket. Answers without an end are told to end now."""
        self._stopping.set()
        self._uvicorn.should_exit = True
        if self._task is not None:
            await self._task
        self._socket.close()
