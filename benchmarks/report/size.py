"""How large a run is, and the command line that all benchmarks share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from benchmarks.report.section import Section
from shared.observability import logs
from shared.runtime.gc_tuning import collect_seldom

T = TypeVar("T")


class Size(StrEnum):
    """tiny: only to see that all of it runs (the smoke test); quick: under 3 minutes together; normal: under 20; full:
    as long as it takes."""

    TINY = "tiny"
    QUICK = "quick"
    NORMAL = "normal"
    FULL = "full"

    def choose(self, *, tiny: T, quick: T, normal: T, full: T | None = None) -> T:
        """The value for this size; full is as normal unless it is given."""
        if self is Size.FULL and full is not None:
            return full
        return {Size.TINY: tiny, Size.QUICK: quick}.get(self, normal)

    @property
    def counts(self) -> bool:
        """Whether a goal may be judged at this size."""
        return self in {Size.NORMAL, Size.FULL}


def command(make: Callable[[Size], Section], doc: str | None) -> None:
    """``[--size SIZE] [--out FILE]`` for a benchmark that makes a section."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=Size, choices=list(Size), default=Size.NORMAL)
    parser.add_argument("--out", type=Path, help="where the section is written as JSON")
    asked = parser.parse_args()
    logs.configure("json", "error")
    collect_seldom()  # as every process of the system does
    section = make(asked.size)
    if asked.out:
        section.write(asked.out)
    print(f"\n{section.title}\n\n{section.table()}")
