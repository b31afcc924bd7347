"""What a run stood on: never a name or a path of the machine."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import subprocess
import timeit
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("fastapi", "pydantic", "uvicorn", "aio-pika", "motor", "pymongo")
_ROOT = Path(__file__).parent.parent.parent


def machine() -> str:
    """Cores, memory and versions in one sentence."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GB of memory, {platform.system()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages}"
    )


def commit() -> str:
    """The commit that is measured, with a sign if files differ from it; empty without git."""
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    said = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    return said.stdout.strip()


def yardstick() -> float:
    """Milliseconds for a fixed piece of Python, the least of several turns: what absolute figures of two machines are
    divided by."""
    document = {f"field {number}": ["text", number, {"nested": None}] for number in range(100)}
    return min(timeit.repeat(lambda: json.loads(json.dumps(document)), number=500, repeat=7)) * 1000


def load_average() -> float:
    """How many processes of anybody wanted a processor during the last minute."""
    return os.getloadavg()[0]
