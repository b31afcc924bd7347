"""What every service uses: contracts, ports and adapters, messaging, storage, HTTP, the runtime, the command line.

structlog imports rich where it is installed, for tracebacks that our logs never show (`observability/logs.py`). With
what it imports in turn, rich costs each process 4 MiB and each start 40 ms. So structlog is imported here, before
anybody else does, as if there were no rich; who shows a progress bar imports rich itself.
"""

import sys

if sys.modules.keys().isdisjoint({"structlog", "rich"}):
    sys.modules["rich"] = None  # type: ignore[assignment] # the import system's way to say that there is none
    try:
        import structlog  # noqa: F401
    finally:
        del sys.modules["rich"]
