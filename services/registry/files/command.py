"""`satu files sweep`: remove the evidence files that no innovation refers to."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from services.registry.files.sweep import GRACE, FileSweep, Swept
from shared.cli.console import do, say, settings_for_command
from shared.runtime.process import opened
from shared.settings import Settings

_HOUR = timedelta(hours=1)

Hours = Annotated[
    float,
    typer.Option(
        "--grace-hours",
        min=0,
        help="Only files that have been unreferenced for so long. Less than a day: only while no backup is taken; "
        "0: only while nobody uploads.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only print how many.")]


def commands(app: typer.Typer) -> None:
    """Add `files sweep`."""
    files = typer.Typer(help="The evidence files of the registry.", no_args_is_help=True)
    app.add_typer(files, name="files")

    @files.callback()
    def root() -> None:  # without it, Typer would run the single command without its name
        """The evidence files of the registry."""

    @files.command("sweep")
    def sweep(*, grace_hours: Hours = GRACE / _HOUR, dry_run: DryRun = False) -> None:
        """Remove evidence files that no innovation refers to any more. The server does so by itself every hour."""
        swept = do(_sweep(settings_for_command(), timedelta(hours=grace_hours), dry_run=dry_run))
        verb = "would be removed" if dry_run else "removed"
        say(f"{swept.removed} files, {swept.size} bytes {verb}; {swept.waiting} unreferenced ones wait")


async def _sweep(settings: Settings, grace: timedelta, *, dry_run: bool) -> Swept:
    async with opened("registry", settings) as resources:
        await resources.files.open()
        try:
            return await FileSweep(resources.store, resources.files).sweep(grace, dry_run=dry_run)
        finally:
            await resources.files.close()
