"""Makes the bus file of a running embedded system unwritable for a while: locked by another process, or disk full."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager

from tests.support.faults.small_disk import OnSmallDisk

NAME = "bus.sqlite"

_CONNECT = """
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
"""
_HOLD = "db.execute('BEGIN IMMEDIATE'); print('held', flush=True); input()"
_TRUNCATE = "print(db.execute('PRAGMA wal_checkpoint(TRUNCATE)').fetchone(), flush=True)"
_COUNT = """
states = ("waiting", "resting", "parked")
print(json.dumps({each: db.execute("SELECT count(*) FROM " + each).fetchone()[0] for each in states}), flush=True)
"""


@contextlib.asynccontextmanager
async def locked(process: OnSmallDisk) -> AsyncIterator[None]:
    """Another process writes and does not finish."""
    with _another(process, _HOLD):
        yield


@contextlib.asynccontextmanager
async def full(process: OnSmallDisk) -> AsyncIterator[None]:
    """No space is left, also not in the log that the file writes to first."""
    with _another(process, _TRUNCATE):
        process.fill()
    yield
    process.empty()


WAYS: dict[str, Callable[[OnSmallDisk], AbstractAsyncContextManager[None]]] = {"locked": locked, "full": full}


def messages_left(process: OnSmallDisk) -> dict[str, int]:
    """The number of messages in each state, read from the file itself: held ones are among `waiting`."""
    with _another(process, _COUNT) as answer:
        return dict(json.loads(answer))


@contextlib.contextmanager
def _another(process: OnSmallDisk, code: str) -> Iterator[str]:
    """A process that opens the bus file and runs the code; what it printed first. It ends with the block."""
    command = [*process.inside(), sys.executable, "-c", f"{_CONNECT}\n{code}", str(process.disk / NAME)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        answer = other.stdout.readline()
        assert answer, "the other process could not open the bus file"
        yield answer
        other.communicate("end\n")
