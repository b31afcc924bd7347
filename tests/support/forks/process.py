"""Starts processes as forks of a server that has imported everything. See `tests.support.forks.server`."""

from __future__ import annotations

import array
import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import BinaryIO

from tests.support.forks.server import Request
from tests.support.paths import ROOT


class ForkedProcess:
    """A process that runs, like `asyncio.subprocess.Process`. It is killed when its loop ends before it does."""

    def __init__(self, pid: int, status: socket.socket) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._status = status
        self._over = asyncio.create_task(self._watch(), name=f"wait for {pid}")

    def send_signal(self, number: int) -> None:
        """Raises ProcessLookupError when it has ended."""
        if self.returncode is not None:
            raise ProcessLookupError(self.pid)
        os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """Its exit status, or minus the number of the signal that ended it."""
        return await asyncio.shield(self._over)

    async def _watch(self) -> int:
        with self._status:
            said = await asyncio.get_running_loop().sock_recv(self._status, 64)
        if not said:
            raise RuntimeError("the fork server is gone")
        self.returncode = int(said)
        return self.returncode


class _Server:
    """The fork server of this process, started at its first use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def fork(self, request: Request, stdout: int, stderr: int) -> tuple[int, socket.socket]:
        """The child's number, and where its status will come."""
        mine, theirs = socket.socketpair()
        with theirs, self._lock:
            files = array.array("i", [theirs.fileno(), stdout, stderr])
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, files)]
            self._started().sendmsg([json.dumps(asdict(request)).encode()], rights)
        said = b""
        while not said.endswith(b"\n"):
            said += (more := mine.recv(1))
            if not more:
                raise RuntimeError("the fork server is gone")
        mine.setblocking(False)  # noqa: FBT003 - the method's signature
        return int(said), mine

    def stop(self) -> None:
        """End it, and with it every child."""
        with self._lock:
            if self._control is not None:
                self._control.close()
            if self._process is not None:
                self._process.wait()
            self._control = self._process = None

    def _started(self) -> socket.socket:
        if self._control is None:
            self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "tests.support.forks.server", str(theirs.fileno())],
                    cwd=ROOT,
                    stdin=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                )
            atexit.register(self.stop)
        return self._control


_server = _Server()


async def forked(
    module: str, *arguments: str, environment: Mapping[str, str], stdout: BinaryIO, stderr: BinaryIO
) -> ForkedProcess:
    """Run `python -m <module> <arguments>` in a fork. environment: all of it."""
    request = Request(module, list(arguments), dict(environment), str(ROOT))
    return ForkedProcess(*await asyncio.to_thread(_server.fork, request, stdout.fileno(), stderr.fileno()))


@dataclass(frozen=True)
class Output:
    """What a command wrote, and its exit status."""

    status: int
    out: str
    err: str


async def output_of(module: str, *arguments: str, environment: Mapping[str, str], within: float = 60.0) -> Output:
    """Run to its end. within: seconds, then it is killed and TimeoutError raised."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = await forked(module, *arguments, environment=environment, stdout=out, stderr=err)
        try:
            async with asyncio.timeout(within):
                status = await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise
        return Output(status, *(_read(file) for file in (out, err)))


def _read(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().decode()


def environment_with(changes: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with these changes."""
    return {**os.environ, **changes}


__all__: Sequence[str] = ("ForkedProcess", "Output", "environment_with", "forked", "output_of")
