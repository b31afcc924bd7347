"""The commands that notifications brings to `satu`. They run where its data are."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from services.notifications.application import NAME, Notifications
from services.notifications.cli.remind import Reminding
from shared.cli.console import do, say, settings_for_command
from shared.faults import Flaw, Misconfigured
from shared.runtime import process
from shared.settings import Settings

AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="The local day to ask for; today by default."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say who would be told what; write nothing.")]
Release = Annotated[bool, typer.Option("--release-held", help="Send what a restore holds back.")]
Discard = Annotated[bool, typer.Option("--discard-held", help="Never send what a restore holds back.")]


def remind(
    *, as_of: AsOf = None, dry_run: DryRun = False, release_held: Release = False, discard_held: Discard = False
) -> None:
    """Ask who owes an innovation as of a day, and tell them: one sweep and one round of the postman, now.

    A day to come needs --dry-run, or the log channel, which tells nobody.
    """
    if release_held + discard_held + (dry_run or as_of is not None) > 1:
        raise Misconfigured([Flaw("--release-held", "alone", "--release-held and --discard-held stand alone")])
    day = as_of.date() if as_of else None
    settings = settings_for_command()
    for line in do(_remind(settings, day, dry_run=dry_run, release=release_held, discard=discard_held)):
        say(line)


async def _remind(settings: Settings, as_of: date | None, *, dry_run: bool, release: bool, discard: bool) -> list[str]:
    async with process.opened(NAME, settings) as world:
        reminding = Reminding(Notifications(world))
        if release:
            return await reminding.release_held()
        if discard:
            return await reminding.discard_held()
        return await (reminding.dry_run(as_of) if dry_run else reminding.remind(as_of))


def commands(app: typer.Typer) -> None:
    """Put the commands into `satu`."""
    app.command("remind")(remind)
