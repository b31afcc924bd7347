"""Names the owner of a lease: host, process with its namespace, and boot; and says when a lease has certainly ended.

A process that starts again releases the leases of its predecessor at once; a command beside a running server releases
nothing.
"""

from __future__ import annotations

import os
import platform
import uuid
from datetime import timedelta
from functools import cache
from pathlib import Path

from shared.ports.store import LONGEST_LEASE

_BOOT = uuid.uuid4().hex  # two processes with the same number in one namespace: one of them has ended


def lease_owner() -> str:
    """The owner of this process's leases: ``<host>/<process number>@<namespace>/<boot>``."""
    return f"{platform.node()}/{os.getpid()}@{process_namespace()}/{_BOOT}"


def owner_is_gone(owner: str) -> bool:
    """Whether that process has certainly ended. Always False for another host or another namespace of process numbers,
    such as another container, where the same number is another process: those leases expire by time."""
    if owner == lease_owner():
        return False
    host, _, process = owner.rpartition("/")[0].rpartition("/")
    number_text, _, namespace = process.partition("@")
    if host != platform.node() or namespace != process_namespace() or not number_text.isdecimal():
        return False
    number = int(number_text)
    if number == os.getpid():
        return True
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


@cache
def process_namespace() -> str:
    """The namespace of this process's number: the kernel's boot and the namespace's number, unique while it exists.
    Empty where the system does not tell."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}:{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return ""


def latest_lease(now: int, lease: timedelta) -> int:
    """The latest moment (ms) at which a lease taken by `now` may end; see LONGEST_LEASE."""
    return now + int(max(lease, LONGEST_LEASE).total_seconds() * 1000)
