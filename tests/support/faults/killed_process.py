"""A `satu` that can kill itself at one point: ``python -m tests.support.faults.killed_process WHERE arguments…``.

WHERE is `never`, or `<failpoint>@<beginning of an id>#<nth>`: the process sends itself SIGKILL when it reaches that
failpoint for the nth time with an id that begins so. Nothing is flushed or closed. Some periods are shortened, so that
tests wait less: see `shorten_periods`.
"""

from __future__ import annotations

import os
import signal
import sys

LEASE = 3
"""Seconds until an attempt is given up; longer than handing over a mail to a server on loopback takes."""

MEASURE_EVERY = 0.3
"""Seconds between two measurements of what `/metrics` shows."""

SEND_EVERY = 1.0
"""Seconds between two checks whether an attempt may be repeated."""


def kill_at(where: str) -> None:
    """Install a failpoint listener that kills this process at WHERE."""
    from shared.observability import failpoints  # noqa: PLC0415 - the arguments are read first

    name, _, rest = where.partition("@")
    beginning, _, nth = rest.partition("#")
    wanted, reached = failpoints.Failpoint(name), 0

    def listener(now: failpoints.Failpoint, id: str) -> None:
        nonlocal reached
        if now is wanted and id.startswith(beginning):
            reached += 1
            if reached == int(nth or 1):
                os.kill(os.getpid(), signal.SIGKILL)

    failpoints.listen(listener)


def shorten_periods() -> None:
    """Look every second instead of every five, and give up an attempt after LEASE seconds instead of minutes."""
    from services.notifications import main as notifications  # noqa: PLC0415 - only where notifications runs
    from services.notifications.messages import message  # noqa: PLC0415
    from shared.runtime import lag  # noqa: PLC0415

    for module, name, value in (
        (message, "LEASE", LEASE),
        (notifications, "SENDER_EVERY", SEND_EVERY),
    ):
        assert name in vars(module)
        setattr(module, name, value)
    lag.MEASURE_EVERY = MEASURE_EVERY


if __name__ == "__main__":
    if sys.argv[1] != "never":
        kill_at(sys.argv[1])
    shorten_periods()
    sys.argv = ["satu", *sys.argv[2:]]
    from shared.cli.__main__ import main

    sys.exit(main())
