"""A `satu` that can kill itself at one point: ``python -m tests.support.faults.killed_process WHERE arguments…``.

WHERE is `never`, or `<failpoint>@<beginning of an id>#<nth>`: the process sends itself SIGKILL when it reaches that
failpoint for the nth time with an id that begins so. Nothing is flushed or closed. `stop:` before it: SIGSTOP. Some
periods are shortened, so that tests wait less: see `shorten_periods`.
"""

from __future__ import annotations

import os
import signal
import sys

STOP = "stop:"
"""Before WHERE: SIGSTOP instead of SIGKILL."""

LEASE = 3
"""Seconds until an attempt is given up; longer than handing over a mail to a server on loopback takes."""

SEND_EVERY = 1.0
"""Seconds between two checks whether an attempt may be repeated."""

SWEEP_EVERY, SWEEP_PAUSE = 0.2, 0.2
"""Seconds between two looks at the clock, and the longest pause before what changes is looked at."""

LONGEST_BACKOFF = 2.0
"""Seconds between two tries while something is away. Under `make soak` as in production."""

CONNECTION_SECONDS = "TEST_CONNECTION_SECONDS"
"""The variable that sets how long a connection may take for a head and be idle: `<head> <idle>`, in seconds."""

WEBHOOK_LEASE = "TEST_WEBHOOK_LEASE"
"""The variable that sets for how long a process that died keeps others from its webhook endpoints, in seconds."""

WEBHOOKS_EVERY = 0.1
"""Seconds between two looks for endpoints to serve, where their lease is set."""


def kill_at(where: str) -> None:
    """Install a failpoint listener that kills or stops this process at WHERE."""
    from shared.observability import failpoints  # noqa: PLC0415 - the arguments are read first

    number = signal.SIGSTOP if where.startswith(STOP) else signal.SIGKILL
    name, _, rest = where.removeprefix(STOP).partition("@")
    beginning, _, nth = rest.partition("#")
    wanted, reached = failpoints.Failpoint(name), 0

    def listener(now: failpoints.Failpoint, id: str) -> None:
        nonlocal reached
        if now is wanted and id.startswith(beginning):
            reached += 1
            if reached == int(nth or 1):
                os.kill(os.getpid(), number)

    failpoints.listen(listener)


def shorten_periods() -> None:
    """Look again sooner, give up an attempt after LEASE seconds instead of minutes, and measure whenever somebody reads
    the metrics."""
    from services.notifications import main as notifications  # noqa: PLC0415 - only where notifications runs
    from services.notifications.messages import message  # noqa: PLC0415
    from services.notifications.reminders import sweep  # noqa: PLC0415
    from shared import backoff  # noqa: PLC0415
    from shared.runtime import process  # noqa: PLC0415
    from shared.web.connections import ConnectionLimits  # noqa: PLC0415
    from tests.support.faults.fresh_metrics import measure_when_asked  # noqa: PLC0415

    changes: list[tuple[object, str, object]] = [
        (message, "LEASE", LEASE),
        (notifications, "SENDER_EVERY", SEND_EVERY),
        (notifications, "SWEEP_EVERY", SWEEP_EVERY),
        (sweep, "LONGEST_SHARE_PAUSE", SWEEP_PAUSE),
    ]
    if not os.environ.get("SOAK_SECONDS"):
        changes.append((backoff, "LONGEST", LONGEST_BACKOFF))
    if seconds := os.environ.get(CONNECTION_SECONDS):
        head, idle = map(float, seconds.split())
        changes.append((process, "LIMITS", ConnectionLimits(head=head, idle=idle)))
    if seconds := os.environ.get(WEBHOOK_LEASE):
        from services.feed import webhooks  # noqa: PLC0415 - only where the feed runs
        from services.feed.endpoints import progress  # noqa: PLC0415

        changes += [(progress, "_LEASE", round(float(seconds) * 1000)), (webhooks, "EVERY", WEBHOOKS_EVERY)]
    for module, name, value in changes:
        assert name in vars(module)
        setattr(module, name, value)
    measure_when_asked()


if __name__ == "__main__":
    if sys.argv[1] != "never":
        kill_at(sys.argv[1])
    shorten_periods()
    sys.argv = ["satu", *sys.argv[2:]]
    from shared.cli.__main__ import main

    sys.exit(main())
