"""A server process under measurement: started, awaited until it is ready, and stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import httpx2

_READY_WITHIN = 180.0  # seconds; a busy machine
_STOPPED_WITHIN = 30.0


def free_port() -> int:
    """An unused port of loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Child:
    """A running process. url: where it answers; ready_after: seconds from its start until it was ready."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], url: str, ready_after: float) -> None:
        self.name, self.url, self.ready_after = name, url, ready_after
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)


@contextlib.contextmanager
def child(
    name: str, command: Sequence[str], port: int, log: Path, environment: Mapping[str, str], *, ready: str
) -> Iterator[Child]:
    """Start a command that serves HTTP on `port`, wait until GET `ready` answers 200, and stop it at the end. Raises
    RuntimeError with the end of its log when it does not."""
    began = time.monotonic()
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env={**os.environ, **environment})
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(process, f"{url}{ready}", name, log)
        yield Child(name, process, url, time.monotonic() - began)
    finally:
        process.terminate()
        try:
            process.wait(_STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], url: str, name: str, log: Path) -> None:
    until = time.monotonic() + _READY_WITHIN
    with httpx2.Client(timeout=5, trust_env=False) as client:
        while process.poll() is None and time.monotonic() < until:
            with contextlib.suppress(httpx2.HTTPError):
                if client.get(url).status_code == httpx2.codes.OK:
                    return
            time.sleep(0.01)
    raise RuntimeError(f"{name} was not ready:\n{log.read_text(errors='replace')[-2000:]}")
