"""The gain of grouped commits: the same changes grouped and one by one, in one run.

``python -m benchmarks.store [SECONDS] [FOLDER]``: seconds per measurement (default 2); the folder chooses the disk.
Compare ratios, never rates of different runs or machines.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from shared.adapters.sqlite.commits import SWITCH_INTERVAL
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import machine_seconds
from shared.ports.store import Index, Kind, State

KIND = Kind("thing", indexes=(Index(("region", "year")),))
WRITERS = (1, 16, 64)


def decide(state: State | None) -> tuple[State, None]:
    """A change of a document of about two kilobytes."""
    state = state or {"region": "61.12", "year": 2026, "n": 0, "text": "inovasi " * 250}
    state["n"] += 1
    return state, None


async def rate(store: SqliteStore, writers: int, seconds: float, *, grouped: bool) -> float:
    """Changes per second by this many writers, each changing its own document."""
    turn, done, until = asyncio.Semaphore(writers if grouped else 1), 0, machine_seconds() + seconds

    async def write(writer: int) -> None:
        nonlocal done
        while machine_seconds() < until:
            async with turn:
                await store.change("thing", f"t{writer}", decide)
            done += 1

    began = machine_seconds()
    await asyncio.gather(*(write(writer) for writer in range(writers)))
    return done / (machine_seconds() - began)


async def main(seconds: float, folder: Path) -> None:
    store = SqliteStore(folder / "benchmark.sqlite")
    await store.open([KIND])
    await rate(store, 16, seconds / 4, grouped=True)  # warm
    print(f"{'writers':>8} {'one by one/s':>14} {'grouped/s':>12} {'ratio':>7}")
    for writers in WRITERS:
        single = await rate(store, writers, seconds, grouped=False)
        grouped = await rate(store, writers, seconds, grouped=True)
        print(f"{writers:>8} {single:>14.0f} {grouped:>12.0f} {grouped / single:>7.1f}")
    await store.close()


if __name__ == "__main__":
    sys.setswitchinterval(SWITCH_INTERVAL)
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as scratch:
        asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 2.0, Path(scratch)))
