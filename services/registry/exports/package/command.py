"""`satu package`: check a region's ready package, or write it to a file, where the registry's data is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from services.registry.exports.composition import packages_of
from services.registry.exports.package.choice import Choice, Scope, Take
from services.registry.exports.package.package import Packages
from services.registry.exports.package.views import PackageSummary, Totals
from shared.cli.console import do, progress, say, settings_for_command
from shared.runtime.process import opened
from shared.settings import Settings

Region = Annotated[str, typer.Argument(help="The region's code, 61.12.")]
Year = Annotated[int, typer.Argument(help="The year of the national round.")]
Out = Annotated[Path | None, typer.Option("--out", help="Write the ZIP to this file; without it, only check.")]
TakeOption = Annotated[Take, typer.Option("--take", help="What to do about innovations with errors.")]
ScopeOption = Annotated[Scope, typer.Option("--scope", help="Only verified innovations, or submitted ones as well.")]
DutyYear = Annotated[int | None, typer.Option("--duty-year", help="Only innovations of that duty year.")]


def commands(app: typer.Typer) -> None:
    """Add `package`."""

    @app.command("package")
    def package(
        region: Region,
        year: Year,
        *,
        out: Out = None,
        take: TakeOption = Take.COMPLETE,
        scope: ScopeOption = Scope.VERIFIED,
        duty_year: DutyYear = None,
    ) -> None:
        """Check or write the ready package of a region for the national round. Exits 1 if the check finds errors."""
        settings = settings_for_command()
        if out is not None:
            size = do(_write(settings, region, year, scope, duty_year, take=take, out=out))
            say(f"{out}: {size} bytes")
            return
        summary = do(_check(settings, region, year, scope, duty_year))
        say(
            f"{summary.taken} innovations, {summary.ready} ready, {summary.left_out} left out for their age; "
            f"{summary.files} files, {summary.size} bytes; {summary.errors} errors, {summary.hints} hints"
        )
        if not summary.window_stated:
            say(f"age {summary.window_from} to {summary.window_to}: inferred, no source states it for {year}")
        raise typer.Exit(0 if summary.complete else 1)


@asynccontextmanager
async def _packages(settings: Settings) -> AsyncIterator[Packages]:
    async with opened("registry", settings) as resources:
        await resources.files.open()
        try:
            yield packages_of(resources)
        finally:
            await resources.files.close()


async def _choice(packages: Packages, region: str, year: int, scope: Scope, duty_year: int | None) -> Choice:
    return replace(await packages.choice_of(region, year), scope=scope, duty_year=duty_year)


async def _check(settings: Settings, region: str, year: int, scope: Scope, duty_year: int | None) -> PackageSummary:
    async with _packages(settings) as packages:
        choice = await _choice(packages, region, year, scope, duty_year)
        chosen, totals = await packages.chosen(choice), Totals()
        async for each in packages.check(choice, chosen.taken):
            totals.add(each)
            for finding in each.findings:
                say(f"{each.folder}: {finding.line}")
        return totals.summary(choice, chosen)


async def _write(
    settings: Settings, region: str, year: int, scope: Scope, duty_year: int | None, *, take: Take, out: Path
) -> int:
    async with _packages(settings) as packages:
        choice = await _choice(packages, region, year, scope, duty_year)
        with progress("innovations", len((await packages.chosen(choice)).taken)) as bar:
            return await _save(packages.stream(choice, take, bar.update), out)


async def _save(chunks: AsyncIterator[bytes], out: Path) -> int:
    """Write beside the file, then rename: a file of that name is always whole. Its size in bytes."""
    part, size = out.with_name(f"{out.name}.part"), 0
    try:
        with part.open("wb") as file:
            async for chunk in chunks:
                size += file.write(chunk)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return size
