"""The lock of the one server process of an embedded file: `<name>.server` beside it, released when the process ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.faults import Flaw, Misconfigured


@contextmanager
def claimed(path: Path) -> Iterator[None]:
    """Hold the lock of the file at `path`. Raises Misconfigured while another process holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".server").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            cure = f"another server process works on {path}; stop it first, or choose another DATA_DIR"
            raise Misconfigured([Flaw("STORE_URL", "in-use", cure)]) from None
        yield
