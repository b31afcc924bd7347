"""Runs every benchmark, each in its own process: ``python -m benchmarks``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Run all; returns how many failed."""
    failed = 0
    for file in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        print(f"== {file.stem}", flush=True)
        failed += subprocess.run([sys.executable, "-m", f"benchmarks.{file.stem}"], check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
