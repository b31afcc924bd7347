"""The commands that notifications adds to `satu`. They run where its data is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from services.notifications.application import NAME, Notifications
from services.notifications.cli.remind import RemindCommand
from shared.cli.console import do, say, settings_for_command
from shared.faults import Flaw, Misconfigured
from shared.runtime import process
from shared.settings import Settings

AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="The local day; today by default."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="List who would be reminded of what; write nothing.")]
Release = Annotated[
    bool, typer.Option("--release-held", help="Send the alerts and messages that are held since a restore.")
]
Discard = Annotated[
    bool, typer.Option("--discard-held", help="Never send the alerts and messages that are held since a restore.")
]


def remind(
    *, as_of: AsOf = None, dry_run: DryRun = False, release_held: Release = False, discard_held: Discard = False
) -> None:
    """Remind the contacts of agencies with an unfulfilled obligation, now: one sweep and one round of sending.

    A future day needs --dry-run, or the log channel, which notifies nobody.
    """
    if release_held + discard_held + (dry_run or as_of is not None) > 1:
        raise Misconfigured(
            [Flaw("--release-held", "alone", "--release-held and --discard-held cannot be combined with other options")]
        )
    day = as_of.date() if as_of else None
    settings = settings_for_command()
    for line in do(_remind(settings, day, dry_run=dry_run, release=release_held, discard=discard_held)):
        say(line)


async def _remind(settings: Settings, as_of: date | None, *, dry_run: bool, release: bool, discard: bool) -> list[str]:
    async with process.opened(NAME, settings) as world:
        command = RemindCommand(Notifications(world))
        if release:
            return await command.release_held()
        if discard:
            return await command.discard_held()
        return await (command.dry_run(as_of) if dry_run else command.remind(as_of))


def commands(app: typer.Typer) -> None:
    """Add the commands to `satu`."""
    app.command("remind")(remind)
