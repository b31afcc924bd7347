"""Who holds a lease: host, process and boot. So a process that starts again frees at once what its predecessor held,
and a command beside a living server frees nothing."""

from __future__ import annotations

import os
import platform
import uuid

_BOOT = uuid.uuid4().hex  # one per process: of two processes with the same number on one host, one is gone


def lease_owner() -> str:
    """The name that leases of this process bear: ``<host>/<process number>/<boot>``."""
    return f"{platform.node()}/{os.getpid()}/{_BOOT}"


def owner_is_gone(owner: str) -> bool:
    """Whether that owner certainly lives no more. Of another host nothing is known: its leases run out by time."""
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
