"""The list of revoked tokens, `<access>/revoked`: a line for each token, `<jti> <expiry>`, the expiry in ISO 8601.

A line is needed only until its token expires; the next revocation drops it after that. Services read the list, only
`satu token revoke` writes it.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared.clock import Clock
from shared.faults import Flaw, Invalid

NAME = "revoked"
JTI = re.compile(r"[A-Za-z0-9_-]{8,128}")

_KEPT_AFTER = timedelta(days=1)  # beyond the expiry: clocks may differ


def read_revoked(folder: Path) -> tuple[dict[str, datetime], list[str]]:
    """Expiry by `jti`, and what is wrong with lines that cannot be read. Raises OSError when the file, if there is one,
    cannot be read."""
    try:
        text = (folder / NAME).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return {}, []
    found: dict[str, datetime] = {}
    unusable: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            jti, expiry = line.split()
            found[jti] = _aware(datetime.fromisoformat(expiry))
        except ValueError:
            unusable.append(f"line {number} is not `<jti> <expiry>`")
    return found, unusable


def revoke(folder: Path, jti: str, expiry: datetime) -> bool:
    """Add a token to the list, and drop those that have expired. False when it is on the list already. Raises Invalid
    for a `jti` that no token has, and OSError when the folder cannot be written."""
    if not JTI.fullmatch(jti):
        raise Invalid([Flaw("jti", "malformed", "a token's id is 8 to 128 letters, digits, - and _")])
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two operators may revoke at once
        present, unusable = read_revoked(folder)
        if unusable:
            raise Invalid([Flaw(str(folder / NAME), "malformed", each) for each in unusable])
        if jti in present:
            return False
        now = Clock.machine()
        kept = {id: until for id, until in present.items() if until + _KEPT_AFTER > now}
        _write(folder / NAME, kept | {jti: expiry})
        os.fsync(lock)
    finally:
        os.close(lock)
    return True


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _write(path: Path, revoked: Mapping[str, datetime]) -> None:
    """Replace the file as a whole: a service never reads half a list."""
    new = path.with_name(f".{path.name}.new")
    with new.open("w", encoding="utf-8") as file:
        file.writelines(f"{jti} {expiry.isoformat(timespec='seconds')}\n" for jti, expiry in sorted(revoked.items()))
        file.flush()
        os.fsync(file.fileno())
    new.chmod(0o644)  # services run as other users
    new.replace(path)
