"""A service of the product whose statements at MongoDB are counted; nothing else differs.

    python -m benchmarks.counted FILE serve SERVICE …

On SIGUSR1 the counts so far are written into FILE.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from pymongo import monitoring

from benchmarks.system.statements import StatementCounter
from shared.cli.__main__ import main

if __name__ == "__main__":
    counter, path = StatementCounter(), Path(sys.argv.pop(1))
    monitoring.register(counter)
    signal.signal(signal.SIGUSR1, lambda *_: counter.counts.copy().write(path))
    main()
