"""What a nation asks of one machine: workbooks, rankings, a rescore, and an import.

    python -m benchmarks.nation [--size tiny|quick|normal|full] [--out FILE]

36,742 made-up scorecards of one region, made once and kept in `.cache/benchmarks`.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path
from time import monotonic, process_time
from uuid import uuid4

import httpx2

from benchmarks.measures.scoring_app import scoring_app
from benchmarks.report.section import Ratio, Section, number
from benchmarks.report.size import Size, command
from benchmarks.rescore import applying, dry_run, fill, next_year, peak
from benchmarks.system.data import AGENCIES, EMPTY, NATION, filled, kept_file
from benchmarks.system.drafts import REGION_CODE
from benchmarks.system.embedded import curator_token, settings_of
from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.files import SHIPPED, read_catalogue
from shared.observability.tracing import of_request
from shared.runtime.process import running

_FLAT = 24.0  # MB by which a file of many times the size may raise the peak
_ROWS = 5_000  # of one table
_PATIENCE = 600.0  # seconds


class Watch:
    """Time since it was made, by the clock and by the processor."""

    def __init__(self) -> None:
        self._began, self._cpu = monotonic(), process_time()

    def row(self, section: Section, what: str, count: int) -> float:
        """Add a line for what was done since then; its seconds by the clock."""
        seconds, cpu = monotonic() - self._began, process_time() - self._cpu
        section.row(what, number(seconds, 2), number(cpu, 2), number(count), number(peak()))
        return seconds


def nation_section(size: Size) -> Section:
    """All of it."""
    section = Section(
        "nation",
        "A nation: workbooks, rankings, rescore, import",
        "In one process on SQLite, over HTTP where there is a route.",
        ["what", "seconds", "of them processor", "how many", "peak MB"],
        size.counts,
    )
    asyncio.run(_nation(section, size))
    return section


async def _nation(section: Section, size: Size) -> None:
    count = size.choose(tiny=60, quick=2000, normal=NATION)
    old = read_catalogue(SHIPPED / "2026.1.yaml")
    with tempfile.TemporaryDirectory() as scratch, of_request(None, None):
        folder = Path(scratch)
        for name in ("few", "many"):
            (folder / name).mkdir()
        several = size.choose(tiny=20, quick=1000, normal=1000)
        await _workbook(section, await _cards(folder / "few", old, several), several, 1.0)
        before = peak()
        many = await _cards(folder / "many", old, count)
        larger = size.choose(tiny=0, quick=0, normal=0, full=count)
        if larger:
            await _workbook(section, many, larger, None)
            more = peak() - before
            section.goal("6", "workbook of the nation, further MB", f"≤ {_FLAT:.0f}", number(more), holds=more <= _FLAT)
        await _rankings(section, many, count)
        watch = Watch()
        seconds = await dry_run(many, old, next_year(old))
        watch.row(section, "rescore, dry run", count)
        section.goal("6", "rescore of the nation, dry", "≤ 5 s", f"{seconds:.1f} s", holds=seconds <= 5)
        applied = size.choose(tiny=50, quick=1000, normal=6000, full=NATION)
        share = await applying(folder, old, next_year(old), applied)
        section.goal("6", "rescore applied, share of the store alone", "≥ 0.85", number(share, 2), holds=share >= 0.85)
        section.ratios["rescore applied, share of the store alone"] = Ratio(share, 0.05)
        await _import(section, folder / "embedded", size.choose(tiny=20, quick=1000, normal=2 * _ROWS))


async def _cards(folder: Path, old: Catalogue, count: int) -> Path:
    """A store with so many scorecards of the region."""
    kept = kept_file(f"scorecards-{count}.sqlite")
    if not kept.exists():
        await fill(folder / "scoring.sqlite", old, range(count), REGION_CODE)
        shutil.copy(folder / "scoring.sqlite", kept)
    return Path(shutil.copy(kept, folder / "scoring.sqlite"))


async def _workbook(section: Section, file: Path, count: int, most: float | None) -> None:
    async with scoring_app(file) as client:
        watch, length = Watch(), 0
        async with client.stream("GET", f"/exports/scorecards.xlsx?region={REGION_CODE}&year=2026") as answer:
            answer.raise_for_status()
            async for chunk in answer.aiter_bytes():
                length += len(chunk)
        seconds = watch.row(section, "workbook", count)
    if most is not None:
        section.goal(
            "6", f"workbook of {count:,}", f"≤ {most:.0f} s", f"{seconds:.2f} s", holds=seconds <= most, was="5.2 s"
        )


async def _rankings(section: Section, file: Path, count: int) -> None:
    path = f"/rankings?year=2026&region={REGION_CODE}&measure=claimed&limit=50"
    async with scoring_app(file) as client:
        first = await _page(client, path)
        pages = sorted([await _page(client, f"{path}&after={after}") for after in range(0, count, max(1, count // 40))])
    p99 = pages[-1] * 1000
    section.row("rankings, first page of a process", number(first, 3), "–", number(count), number(peak()))
    section.row("rankings, further pages, slowest", number(pages[-1], 4), "–", number(len(pages)), number(peak()))
    section.goal("6", f"a page of /rankings at {count:,}", "≤ 20 ms", f"{p99:.1f} ms", holds=p99 <= 20)


async def _page(client: httpx2.AsyncClient, path: str) -> float:
    began = monotonic()
    (await client.get(path)).raise_for_status()
    return monotonic() - began


async def _import(section: Section, folder: Path, count: int) -> None:
    """Contacts, the one import that there is over HTTP, in tables of 5,000."""
    await filled(folder, EMPTY)
    settings = settings_of(folder)
    headers = {"Authorization": f"Bearer {curator_token(settings)}", "Content-Type": "text/csv; charset=utf-8"}
    async with (
        running(settings) as process,
        httpx2.AsyncClient(base_url=process.url, headers=headers, timeout=_PATIENCE, trust_env=False) as client,
    ):
        watch = Watch()
        for start in range(0, count, _ROWS):
            table = _table(range(start, min(start + _ROWS, count)))
            key = {"Idempotency-Key": str(uuid4())}
            url = f"/notifications/v1/contacts/import?region={REGION_CODE}"
            (await client.post(url, content=table, headers=key)).raise_for_status()
        seconds = watch.row(section, "import of contacts, rows", count)
    section.goal("6", f"import of {count:,} rows", "≤ 20 s", f"{seconds:.1f} s", holds=seconds <= 20)


def _table(numbers: range) -> bytes:
    lines = ["nama,perangkat_daerah,email"]
    lines += [f"Petugas {n},Dinas buatan {n % AGENCIES},petugas{n}@buatan.example" for n in numbers]
    return "\n".join(lines).encode()


if __name__ == "__main__":
    command(nation_section, __doc__)
