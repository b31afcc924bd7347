"""A small disk for one process, which a test can fill: a tmpfs in a mount namespace that ends with the process.

It needs no privilege where users may create namespaces. A quota or RLIMIT_FSIZE gives other errors than a full disk.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from typing_extensions import override

from tests.servers.need import missing
from tests.support.faults.processes import Process
from tests.support.paths import ROOT

SIZE = 48  # megabytes
_MOUNT = 'mount -t tmpfs -o size=$0m,mode=700 tmpfs "$1" && shift && exec "$@"'


def unshare() -> list[str]:
    """The command that starts a process in its own mount namespace."""
    flags = "-m" if os.geteuid() == 0 else "-Urm"
    tried = subprocess.run(["unshare", flags, "true"], capture_output=True, check=False)
    if tried.returncode != 0:
        missing("A private file system", "run as root, or allow unprivileged user namespaces")
    return ["unshare", flags]


@dataclass
class OnSmallDisk(Process):
    """A process whose `disk` is SIZE MB large."""

    disk: Path = Path("disk")

    @property
    def visible(self) -> Path:
        """The path of the disk outside the namespace."""
        assert self._child is not None
        return Path(f"/proc/{self._child.pid}/root{self.disk}")

    def inside(self) -> list[str]:
        """The command that starts another process in the same namespace, where the disk has its path."""
        assert self._child is not None
        own = ["--user", "--preserve-credentials"] if os.geteuid() != 0 else []
        return ["nsenter", *own, "--mount", f"--target={self._child.pid}"]

    @property
    def free(self) -> int:
        """Free bytes."""
        status = os.statvfs(self.visible)
        return status.f_bavail * status.f_frsize

    def fill(self, *, leaving: int = 0) -> None:
        """Fill it, by default to the last byte; leaving: bytes."""
        with (self.visible / "ballast").open("ab", buffering=0) as ballast, contextlib.suppress(OSError):
            while not leaving or self.free > leaving:
                ballast.write(bytes(max(4096, min(self.free - leaving, 1 << 20))))

    def empty(self) -> None:
        """Delete the ballast."""
        (self.visible / "ballast").unlink()

    @override
    async def _spawn(self) -> None:
        self.disk.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._child = await asyncio.create_subprocess_exec(
                *(*unshare(), "sh", "-c", _MOUNT, str(SIZE), str(self.disk)),
                *(sys.executable, "-m", "tests.support.faults.killed_process", "never", *self.arguments),
                cwd=ROOT,
                env={**os.environ, **self.environment, **self.ports},
                stdout=log,
                stderr=log,
            )
