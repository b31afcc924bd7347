"""Imports structlog as if rich and greenlet were not installed.

structlog imports rich for tracebacks that our logs never show (`observability/logs.py`). With what rich imports in turn
that costs each process 4 MiB and each start 40 ms, so the package imports this module before any other. Commands that
show a progress bar import rich themselves. Nothing of ours runs in greenlets; a test tool brings them.
"""

from __future__ import annotations

import sys

_LEFT_OUT = ("rich", "greenlet")

if sys.modules.keys().isdisjoint({"structlog", *_LEFT_OUT}):
    for name in _LEFT_OUT:
        sys.modules[name] = None  # type: ignore[assignment] # the import system's way to say that there is none
    try:
        import structlog  # noqa: F401
    finally:
        for name in _LEFT_OUT:
            del sys.modules[name]
