"""What the time of a process under the sampling clock (`benchmarks.sampled`) was spent on."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from pathlib import Path

from benchmarks.system.measuring import System


def samples_of(system: System, file: Path) -> Counter[str]:
    """Part of the code → samples since the last call. file: where the process writes them."""
    file.unlink(missing_ok=True)
    (pid,) = system.pids.values()
    assert pid is not None
    os.kill(pid, signal.SIGUSR1)
    while not file.exists():
        time.sleep(0.02)
    return Counter(json.loads(file.read_text()))
