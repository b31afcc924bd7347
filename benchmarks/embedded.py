"""Submissions on the embedded default, one process, with a deadline set: as fast as possible, and at a fixed rate.

    python -m benchmarks.embedded [INNOVATIONS] [--rate PER_SECOND]

Drafts with three rows of evidence are written beforehand; a load generator in a process of its own submits them over 16
raw connections and asks now and then whether one is scored and readable.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from benchmarks.system.data import EMPTY, filled, with_drafts
from benchmarks.system.embedded import embedded
from benchmarks.system.measuring import Measurement, measure
from shared.observability import logs

_WARM = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("innovations", type=int, nargs="?", default=1500)
    parser.add_argument("--rate", type=float, default=200.0)
    asked = parser.parse_args()
    logs.configure("json", "warning")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "data"
        asyncio.run(filled(folder, EMPTY))
        counts = {"warm": _WARM, "saturation": asked.innovations, "seen": asked.innovations, "rate": asked.innovations}
        posts = asyncio.run(with_drafts(folder, EMPTY, counts))
        with embedded(folder) as system:
            print(f"ready after {system.ready_after['embedded']:.2f} s, {system.at_rest()['embedded']:.0f} MB at rest")
            measure(system, posts["warm"])
            print(described("saturation", measure(system, posts["saturation"])))
            print(described("saturation, seen", measure(system, posts["seen"], every=20)))
            print(described(f"at {asked.rate:.0f}/s", measure(system, posts["rate"], rate=asked.rate, every=20)))


def described(name: str, it: Measurement) -> str:
    """One line."""
    return (
        f"{name:22} {it.outcome.rate:6.0f}/s   {it.total:5.2f} ms each   POST p50 {it.post(0.5):.0f}, p99 "
        f"{it.post(0.99):.0f} ms   seen p50 {it.seen(0.5):.0f}, p99 {it.seen(0.99):.0f} ms   "
        f"{it.peak['embedded']:.0f} MB at most   generator {it.outcome.cpu * 1000 / it.outcome.accepted:.2f} ms"
    )


if __name__ == "__main__":
    main()
