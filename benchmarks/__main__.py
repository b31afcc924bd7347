"""Runs the benchmarks, each in a process of its own, and writes docs/performance.md.

    python -m benchmarks [--size quick|normal|full] [--only NAME …] [--check]

--only: run these, and take the last results of the others; --check: exit with 1 when a ratio fell since the run before.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.peers.environment import CACHE, PeersMissing, interpreter
from benchmarks.report.machine import commit, load_average, machine, yardstick
from benchmarks.report.page import page
from benchmarks.report.ratios import Kept
from benchmarks.report.section import Section
from benchmarks.report.size import Size

SECTIONS = (
    "embedded",
    "distributed",
    "growth",
    "parts",
    "scale_out",
    "recovery",
    "nation",
    "feed",
    "office",
    "portal_model",
    "portal_pages",
)
QUICK = ("embedded", "distributed", "growth", "parts", "nation", "feed", "office", "portal_model", "portal_pages")
DOCS = Path(__file__).parent.parent / "docs"


def main() -> int:
    """The number of benchmarks that failed, or with --check 1 for a fall."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=Size, choices=list(Size), default=Size.NORMAL)
    parser.add_argument("--only", nargs="+", choices=SECTIONS)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    names = SECTIONS if asked.size.counts else QUICK
    folder, began, failed = CACHE / "sections" / asked.size, time.monotonic(), []
    for name in asked.only or names:
        print(f"== {name}", flush=True)
        command = [
            sys.executable,
            "-m",
            f"benchmarks.{name}",
            "--size",
            asked.size,
            "--out",
            str(folder / f"{name}.json"),
        ]
        if subprocess.run(command, check=False).returncode:
            failed.append(name)
    sections = [Section.read(folder / f"{name}.json") for name in names if (folder / f"{name}.json").exists()]
    kept = _written(sections, DOCS if asked.size.counts else folder)
    print(f"{time.monotonic() - began:.0f} s; failed: {', '.join(failed) or 'none'}")
    fallen = kept.fallen()
    print("\n".join(["fallen:", *fallen]) if fallen else "no ratio fell")
    return len(failed) or int(asked.check and bool(fallen))


def _written(sections: list[Section], docs: Path) -> Kept:
    """Write the page with its plots and ratios below `docs`."""
    folder, measured = docs / "performance", commit()
    folder.mkdir(parents=True, exist_ok=True)
    kept = Kept.read(folder / "ratios.json").followed_by(sections, measured)
    kept.write(folder / "ratios.json")
    drawn = _drawn({name: points for section in sections for name, points in section.points.items()}, folder)
    stood_on = (
        f"Commit {measured}; {machine()}; load of the machine at the end {load_average():.1f}. Yardstick: a document "
        f"of 100 fields to JSON and back, 500 times, takes {yardstick():.0f} ms."
    )
    text = page(sections, stood_on, kept, drawn)
    (docs / "performance.md").write_text(text, encoding="utf-8")
    print(f"written: {docs.name}/performance.md")
    return kept


def _drawn(points: dict[str, list[tuple[str, float]]], folder: Path) -> list[str]:
    """Draw the plots; the names of those that are there."""
    try:
        python = interpreter()
    except PeersMissing as error:
        print(f"no plots: {error}")
    else:
        said, program = folder / "points.json", Path(__file__).parent / "report" / "plots.py"
        said.write_text(json.dumps(points))
        subprocess.run([str(python), str(program), str(said), str(folder)], check=True)
        said.unlink()
    return [name for name in ("throughput", "growth") if (folder / f"{name}.svg").exists()]


if __name__ == "__main__":
    sys.exit(main())
