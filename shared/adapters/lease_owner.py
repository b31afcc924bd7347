"""Names the owner of a lease: host, process and boot.

A process that starts again releases the leases of its predecessor at once; a command beside a running server releases
nothing.
"""

from __future__ import annotations

import os
import platform
import uuid

_BOOT = uuid.uuid4().hex  # two processes with the same number on one host: one of them has ended


def lease_owner() -> str:
    """The owner of this process's leases: ``<host>/<process number>/<boot>``."""
    return f"{platform.node()}/{os.getpid()}/{_BOOT}"


def owner_is_gone(owner: str) -> bool:
    """Whether that process has certainly ended. Always False for another host: its leases expire by time."""
    if owner == lease_owner():
        return False
    host, _, rest = owner.rpartition("/")[0].rpartition("/")
    if host != platform.node() or not rest.isdecimal():
        return False
    number = int(rest)
    if number == os.getpid():
        return True
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False
