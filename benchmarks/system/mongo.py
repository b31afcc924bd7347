"""The MongoDB server of a run: `MONGODB_URL`, else `mongod`, else SecantusDB's native build, else its wheel.

``cargo install secantus-mdb --version 0.5.3-beta.193 --ignore-rust-version`` builds the native one, where cargo is.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.servers.mongo import STAND_IN, MongoServer

NATIVE = "secantusd-rs"


@dataclass(frozen=True)
class Mongo:
    """url: without a database; pid: None when the server is not ours; what: the product and version, for the table."""

    url: str
    pid: int | None
    what: str


class _Server(MongoServer):
    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def _command(self) -> list[str]:
        native = _native()
        if shutil.which("mongod") or native is None:
            return super()._command()
        where = ["--host", "127.0.0.1", "--port", str(self._port), "--storage-path", str(self._folder)]
        return [native, "--standalone", "--sync-on-commit", *where]


def _native() -> str | None:
    return shutil.which(NATIVE) or shutil.which(NATIVE, path=str(Path.home() / ".cargo" / "bin"))


def _what() -> str:
    for program in (shutil.which("mongod"), _native()):
        if program is not None:
            said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
            version = (said.splitlines() or [""])[0].removeprefix("db version ").strip()
            name = "mongod" if program.endswith("mongod") else f"{NATIVE}, every commit synced"
            return f"{name} ({version})" if version else name
    return f"the wheel {STAND_IN}, every commit synced"


@contextlib.contextmanager
def mongo() -> Iterator[Mongo]:
    """A server until the block ends."""
    if given := os.environ.get("MONGODB_URL"):
        yield Mongo(given, None, "the server of MONGODB_URL")
        return
    with tempfile.TemporaryDirectory(prefix="satu-bench-mongo-", ignore_cleanup_errors=True) as folder:
        server = _Server(Path(folder) / "data")
        server.start()
        try:
            yield Mongo(server.url, server.pid, _what())
        finally:
            server.kill()
