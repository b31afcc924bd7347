"""A `satu` process that kills itself at one exact moment: ``python -m tests.faults.victim MOMENT NTH satu-arguments…``.

SIGKILL to itself, so nothing is flushed, closed or said. MOMENT `never` runs undisturbed.
"""

from __future__ import annotations

import os
import signal
import sys

from shared import moments
from shared.cli import main


def kill_at(moment: moments.Moment, nth: int) -> None:
    """Die at the nth passing of the moment."""
    passed = 0

    def listener(now: moments.Moment, _what: str) -> None:
        nonlocal passed
        if now is moment:
            passed += 1
            if passed == nth:
                os.kill(os.getpid(), signal.SIGKILL)

    moments.listen(listener)


if __name__ == "__main__":
    where, nth = sys.argv[1], int(sys.argv[2])
    if where != "never":
        kill_at(moments.Moment(where), nth)
    sys.argv = ["satu", *sys.argv[3:]]
    main()
