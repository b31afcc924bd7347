"""Texts that tell one write or one lease from all others, of this process and of any other."""

from __future__ import annotations

import os
import uuid
from itertools import count

_BOOT = uuid.uuid4().hex[:12]
_NUMBERS = count()


def token() -> str:
    """Another one. A forked process makes others than its parent."""
    return f"{_BOOT}-{os.getpid():x}-{next(_NUMBERS):x}"
