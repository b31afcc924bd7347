"""Imports structlog as if rich were not installed.

structlog imports rich for tracebacks that our logs never show (`observability/logs.py`). With what rich imports in turn
that costs each process 4 MiB and each start 40 ms, so the package imports this module before any other. Commands that
show a progress bar import rich themselves.
"""

from __future__ import annotations

import sys

if sys.modules.keys().isdisjoint({"structlog", "rich"}):
    sys.modules["rich"] = None  # type: ignore[assignment] # the import system's way to say that there is none
    try:
        import structlog  # noqa: F401
    finally:
        del sys.modules["rich"]
