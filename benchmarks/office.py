"""What an office brings in and takes out: a table of past years, and the ready package for the national round.

    python -m benchmarks.office [--size tiny|quick|normal|full] [--out FILE]

Made up, and so labelled. `benchmarks.imports`, `.package` and `.moving_in` measure the same with other sizes.
"""

from __future__ import annotations

import asyncio

from benchmarks.imports import Part, imported
from benchmarks.package import Step, packaged
from benchmarks.report.section import Section, number
from benchmarks.report.size import Size, command
from services.registry.evidence.evidence import ROWS

_FILE = 200  # KiB
_WORDS = 320
_FLAT = 24.0  # MB by which a large package may raise the peak
_SECONDS = 30.0  # for the package


def office_section(size: Size) -> Section:
    """All of it."""
    section = Section(
        "office",
        "The office: the ready package, and an import of past years",
        f"One process on SQLite. The package is requested through the HTTP layer: {len(ROWS)} rows with a file of "
        f"{_FILE} KiB each. The table of innovations, with {_WORDS} words each, is sent to `satu up`.",
        ["what", "seconds", "of them processor", "how many", "peak MB"],
        size.counts,
    )
    asyncio.run(_package(section, size.choose(tiny=2, quick=60, normal=300)))
    _import(section, size.choose(tiny=20, quick=1_000, normal=10_000))
    return section


async def _package(section: Section, count: int) -> None:
    *_, last = await _told(section, count)
    what = f"ready package of {count:,}"
    section.goal("8", what, f"≤ {_SECONDS:.0f} s", f"{last.seconds:.1f} s", holds=last.seconds <= _SECONDS)
    section.goal("8", f"{what}, further MB", f"≤ {_FLAT:.0f}", number(last.more), holds=last.more <= _FLAT)


async def _told(section: Section, count: int) -> list[Step]:
    steps = []
    names = {"2026": "package, the check alone", "2026.zip": "package, as a ZIP"}
    async for each in packaged(count, _FILE * 1024):
        what = names.get(each.what, each.what)
        section.row(what, number(each.seconds, 2), number(each.cpu, 2), number(count), number(each.peak))
        steps.append(each)
    return steps


def _import(section: Section, count: int) -> None:
    parts: list[Part] = []
    imported(count, _WORDS, parts.append)
    for what, each in zip(("import of past years", "until all are scored"), parts[-2:], strict=True):
        section.row(what, number(each.seconds, 1), number(each.cpu, 1), number(count), number(each.peak))


if __name__ == "__main__":
    command(office_section, __doc__)
