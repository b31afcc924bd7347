"""The embedded default: one process of `satu up` on a data folder."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx2

from benchmarks.system.child import child, free_port
from benchmarks.system.drafts import REGION_CODE
from benchmarks.system.measuring import System
from shared.auth import keys
from shared.auth.policy import Role
from shared.settings import Settings, load


def settings_of(folder: Path) -> Settings:
    """The embedded settings of a data folder, on free ports."""
    return load({}, data_dir=folder, port=0)


def curator_token(settings: Settings) -> str:
    """A token for a day; the keys are made if there are none."""
    keys.init(settings.root, settings.keys)
    return keys.issue(settings.root, keys.Grant("benchmark", Role.CURATOR, REGION_CODE), timedelta(days=1))


def counted(system: System) -> float:
    """Seconds that the portal of this process has counted its board so far."""
    metrics = httpx2.get(f"{system.urls['admin']}/metrics", timeout=30).text
    found = re.search(r"^satu_portal_count_seconds_sum (\S+)$", metrics, re.MULTILINE)
    assert found is not None, "the portal has no such metric"
    return float(found[1])


@contextlib.contextmanager
def embedded(folder: Path, samples: Path | None = None) -> Iterator[System]:
    """The process, ready and with nothing left to do, until the block ends. Logs at their default level go into a file.
    samples: where it writes, told to by SIGUSR1, what its time was spent on."""
    token, port, admin = curator_token(settings_of(folder)), free_port(), free_port()
    module = ["shared.cli"] if samples is None else ["benchmarks.sampled", str(samples)]
    command = [sys.executable, "-m", *module, "up", "--port", str(port)]
    environment = {
        "DATA_DIR": str(folder),
        "ADMIN_ADDRESS": f"127.0.0.1:{admin}",
        "LOG_FORMAT": "json",
        "STORE_URL": "",
        "BUS_URL": "",
        "FILES_URL": "",
    }
    log = folder.parent / f"{folder.name}.log"
    with child("embedded", command, port, log, environment, ready="/health/ready") as process:
        system = System(
            "embedded",
            process.url,
            token,
            {"embedded": process.pid},
            ready_after={"embedded": process.ready_after},
            urls={"admin": f"http://127.0.0.1:{admin}"},
        )
        system.settle()
        yield system
