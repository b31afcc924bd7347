"""Prints the state in which a process starts and ends with status 3: ``python -m tests.support.forks.probe``.

With the argument `wait` it waits for a signal instead.
"""

from __future__ import annotations

import gc
import os
import random
import signal
import sys
import threading
import time

from shared.adapters.lease_owner import lease_owner


def main() -> None:
    handlers = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE)]
    state = {
        "pid": os.getpid(),
        "session": os.getsid(0),
        "arguments": sys.argv[1:],
        "folder": os.getcwd(),  # noqa: PTH109 - as the process sees it
        "environment": ",".join(sorted(os.environ)),
        "time zone": time.tzname[0],
        "handlers": [getattr(each, "__name__", each) for each in handlers],
        "wake-up": signal.set_wakeup_fd(-1),
        "threads": threading.active_count(),
        "files": sorted(os.listdir("/proc/self/fd"))[:3],  # noqa: PTH208 - names only
        "number of files": len(os.listdir("/proc/self/fd")),  # noqa: PTH208 - likewise
        "switch interval": sys.getswitchinterval(),
        "collector": (gc.isenabled(), gc.get_threshold()),
        "encodings": (sys.stdout.encoding, sys.stderr.encoding),
        "random": random.random(),
        "lease owner": lease_owner(),
    }
    for name, value in state.items():
        print(f"{name}: {value}")
    sys.stdout.flush()
    if "wait" in sys.argv:
        signal.pause()
    sys.stderr.write("probe: done\n")
    sys.exit(3)


if __name__ == "__main__":
    main()
