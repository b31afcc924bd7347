"""`satu rescore`: scorecards under another catalogue, with a report of gains and losses. It runs where scoring's data
are."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

import typer

from services.scoring.catalogue.constants_by_year import years_of
from services.scoring.catalogue.library import Catalogues, folders, keep_digests, load_catalogues, newest
from services.scoring.index.marks import mark_all
from services.scoring.index.rounds import rounds_of
from services.scoring.index.sweep import RegionSweep
from services.scoring.ranking.version import RankingVersions
from services.scoring.rescore.document import RescoreRequest
from services.scoring.rescore.report import Change, RescoreReport, RowChange
from services.scoring.rescore.runner import Rescoring
from shared.cli.console import CommandProgress, do, progress, say, settings_for_command
from shared.indonesian import number
from shared.runtime import process
from shared.settings import Settings

Region = Annotated[str | None, typer.Option(help="A region's code, such as 61.12; all regions without it.")]
Year = Annotated[int | None, typer.Option(help="The duty year; all years without it.", min=2000, max=2100)]
Wanted = Annotated[str, typer.Option("--catalogue", help="A year (its newest revision) or a name.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only print what would change; write nothing.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document with every change.")]


def commands(app: typer.Typer) -> None:
    """Add `rescore`."""
    app.command("rescore")(rescore)


def rescore(
    *, catalogue: Wanted, region: Region = None, year: Year = None, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Score the innovations of a region and year by another catalogue.

    Started again after a crash, it continues where it was. Innovations that were scored by a form which numbers its
    rows differently are counted in a dry run and never rewritten.
    """
    settings = settings_for_command()
    catalogues = load_catalogues(folders(settings))
    request = RescoreRequest(
        region=region, year=year, catalogue=newest(catalogues, catalogue, "--catalogue"), dry_run=dry_run
    )
    report = do(_rescore(settings, catalogues, request, as_json=as_json))
    if not as_json:
        for line in in_words(request, report):
            say(line)


async def _rescore(
    settings: Settings, catalogues: Catalogues, request: RescoreRequest, *, as_json: bool
) -> RescoreReport:
    async with process.opened("scoring", settings) as world:
        indexing = RegionSweep(world.store, rounds_of(years_of(folders(settings), catalogues.values())), world.clock)
        mark = mark_all(indexing.mark, RankingVersions(world.store).mark)
        rescoring = Rescoring(world.store, catalogues, world.clock, mark)
        with progress("rescore", await rescoring.count(request)) as shown:
            watcher = _Watcher(shown, as_json=as_json)
            if request.dry_run:
                report = await rescoring.dry_run(request, watcher.take)
            else:
                await keep_digests(world.store, catalogues)
                requested = await rescoring.request(request, "satu rescore")
                shown.update(requested.report.seen)
                report = (await rescoring.run(request.id, watcher.take)).report
            watcher.end(request, report)
    return report


@dataclass
class _Watcher:
    """Shows progress, and with `as_json` prints each change at once, so that memory stays flat."""

    shown: CommandProgress
    as_json: bool
    changes: int = 0

    def take(self, change: Change | None) -> None:
        self.shown.advance()
        if not self.as_json or change is None:
            return
        sys.stdout.write('{"changes": [\n' if self.changes == 0 else ",\n")
        sys.stdout.write(json.dumps(change.model_dump(mode="json"), ensure_ascii=False))
        self.changes += 1

    def end(self, request: RescoreRequest, report: RescoreReport) -> None:
        if not self.as_json:
            return
        sys.stdout.write('{"changes": [' if self.changes == 0 else "\n")
        rest: dict[str, Any] = {"wish": request.model_dump(), "report": report.model_dump(mode="json")}
        sys.stdout.write(f"], {json.dumps(rest, ensure_ascii=False)[1:]}\n")


def in_words(request: RescoreRequest, report: RescoreReport) -> Iterator[str]:
    """The report for people, line by line."""
    where = f"daerah {request.region}" if request.region else "semua daerah"
    when = f"tahun {request.year}" if request.year else "semua tahun"
    title = "Uji coba penilaian ulang" if request.dry_run else "Penilaian ulang"
    yield f"{title} menurut katalog {request.catalogue}, {where}, {when}: {report.seen} inovasi"
    yield f"naik {report.gained}, turun {report.lost}, tetap {report.same}"
    if report.only_verified:
        yield f"{report.only_verified} berubah hanya pada skor terverifikasi"
    yield f"jumlah poin {_signed(report.points)}; poin terverifikasi {_signed(report.verified_points)}"
    if report.waiting:
        yield f"{report.waiting} menunggu daerah atau katalognya dan dibiarkan"
    if report.otherwise_numbered:
        yield (
            f"{report.otherwise_numbered} berdiri di atas formulir dengan penomoran lain: dihitung menurut padanan "
            "indikatornya, tidak pernah ditulis ulang; perangkat daerah perlu mengisi formulir baru"
        )
    for row, tally in sorted(report.by_row.items(), key=lambda each: abs(each[1].points), reverse=True):
        yield f"indikator {row}: naik {tally.gained}, turun {tally.lost}, jumlah {_signed(tally.points)} poin"
    for heading, changes in (("Kenaikan terbesar", report.gains), ("Penurunan terbesar", report.losses)):
        if changes:
            yield f"{heading}:"
            yield from (f"  {_line(each)}" for each in changes)


def _line(change: Change) -> str:
    rows = ", ".join(_row(each) for each in change.rows)
    span = f"{number(change.before)} → {number(change.after)}{f' ({rows})' if rows else ''}"
    return f"{_signed(change.gain)}  {change.region}  {change.name} [{change.innovation}]: {span}"


def _row(change: RowChange) -> str:
    return f"{change.row}: {number(change.before)} → {number(change.after)}"


def _signed(value: Decimal) -> str:
    return f"{'+' if value > 0 else ''}{number(value)}"
