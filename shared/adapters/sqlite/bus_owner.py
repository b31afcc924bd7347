"""Who holds a message of the embedded bus, and whether they are still there.

Each open bus is an owner with a lock file of its own, held by `flock` for as long as the process lives. The kernel lets
go of it at any death (`kill -9`, loss of power), so whoever can take the lock knows that the owner is gone and that
what it held may come back at once: no lease to renew, no time to wait. One host, no network file system.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from pathlib import Path


class Owner:
    """One living owner. id: opaque, never used twice."""

    def __init__(self, bus: Path) -> None:
        """bus: the bus's file; its owners' locks lie in the folder beside it. Raises OSError."""
        folder = _folder(bus)
        folder.mkdir(parents=True, exist_ok=True)
        self.id = secrets.token_hex(8)
        self._path = folder / self.id
        self._handle = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def leave(self) -> None:
        """Let go, in peace: nothing is held any more."""
        self._path.unlink(missing_ok=True)
        os.close(self._handle)

    def vanish(self) -> None:
        """Let go as a killed process does: the lock is free, all else stays as it is. For tests."""
        os.close(self._handle)


def gone(bus: Path, owner: str) -> bool:
    """Whether that owner of the bus in file `bus` lives no more."""
    try:
        handle = os.open(_folder(bus) / owner, os.O_RDWR)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def forget(bus: Path, owner: str) -> None:
    """Remove what a dead owner left beside the file."""
    (_folder(bus) / owner).unlink(missing_ok=True)


def _folder(bus: Path) -> Path:
    return bus.with_name(f"{bus.name}.owners")
