"""A `satu` process that kills itself at one exact moment: ``python -m tests.support.faults.killed_process WHERE satu-arguments…``.

WHERE is `never`, or `<moment>@<beginning of what>#<nth>`: at the nth passing of that moment with something whose id
begins so. SIGKILL to itself, so nothing is flushed, closed or said. The lease of an attempt is shortened to LEASE, so
that a test sees it run out.
"""

from __future__ import annotations

import os
import signal
import sys

LEASE = 3  # seconds; longer than a hand-over to a mail server on loopback takes


def kill_at(where: str) -> None:
    """Die there."""
    from shared.observability import failpoints  # noqa: PLC0415 - in the order of a process's life: first the arguments

    moment, _, rest = where.partition("@")
    beginning, _, nth = rest.partition("#")
    wanted, passed = failpoints.Failpoint(moment), 0

    def listener(now: failpoints.Failpoint, what: str) -> None:
        nonlocal passed
        if now is wanted and what.startswith(beginning):
            passed += 1
            if passed == int(nth or 1):
                os.kill(os.getpid(), signal.SIGKILL)

    failpoints.listen(listener)


def shorten_lease() -> None:
    """Attempts are given up after LEASE seconds instead of minutes."""
    from services.notifications.messages import message  # noqa: PLC0415 - only where notifications runs

    message.LEASE = LEASE


if __name__ == "__main__":
    if sys.argv[1] != "never":
        kill_at(sys.argv[1])
    shorten_lease()
    sys.argv = ["satu", *sys.argv[2:]]
    from shared.cli.__main__ import main

    sys.exit(main())
