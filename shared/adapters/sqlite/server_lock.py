"""Who may use an embedded store as its server: one process per file, seen by a lock that dies with the process."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.faults import Flaw, Misconfigured


@contextmanager
def claimed(path: Path) -> Iterator[None]:
    """Hold the claim to the store in `path`. Raises Misconfigured when another process holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".server").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            cure = f"another server process works on {path}; stop it first, or choose another DATA_DIR"
            raise Misconfigured([Flaw("STORE_URL", "in-use", cure)]) from None
        yield
