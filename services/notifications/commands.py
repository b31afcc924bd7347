"""The commands that notifications adds to `satu`. They run where its data is."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from functools import partial
from typing import Annotated

import typer

from services.notifications.application import NAME, Notifications
from services.notifications.cli.alerts import AlertsCommand
from services.notifications.cli.preview import text
from services.notifications.cli.remind import RemindCommand
from services.notifications.reminders.mode import Mode
from shared.cli.console import do, say, settings_for_command
from shared.faults import Flaw, Misconfigured
from shared.runtime import process
from shared.settings import Settings

AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="The local day; today by default."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="List who would be told what, why, by which channel and when; write nothing.")
]
Release = Annotated[
    bool, typer.Option("--release-held", help="Send the alerts and messages that are held since a restore.")
]
Discard = Annotated[
    bool, typer.Option("--discard-held", help="Never send the alerts and messages that are held since a restore.")
]


def remind(
    *, as_of: AsOf = None, dry_run: DryRun = False, release_held: Release = False, discard_held: Discard = False
) -> None:
    """Tell everybody what is due, now: one sweep and one round of sending, in the mode in force.

    A day that is not today in a region is a dry run there.
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
        parts = Notifications(world)
        await parts.reminders.alerting.begin()
        command = RemindCommand(parts)
        if release:
            return await command.release_held()
        if discard:
            return await command.discard_held()
        return await (command.dry_run(as_of) if dry_run else command.remind(as_of))


Persons = Annotated[list[str] | None, typer.Option("--person", help="A contact's opaque id; may be given again.")]
Confirm = Annotated[
    str | None, typer.Option("--confirm", help="How many persons get how many messages, as PERSONS:MESSAGES.")
]
_PAIR = re.compile(r"(\d{1,9}):(\d{1,9})")


def _alerts(app: typer.Typer) -> None:
    alerts = typer.Typer(help="Whether alerts leave this system.", no_args_is_help=True)
    app.add_typer(alerts, name="alerts")

    @alerts.command()
    def status() -> None:
        """Print the mode, the stop switch, and how much going live would send."""
        _run(AlertsCommand.status)

    @alerts.command()
    def preview() -> None:
        """Print what going live would send at once, a line for each person."""
        _run(AlertsCommand.preview)

    @alerts.command()
    def mode(mode: Annotated[Mode, typer.Argument(help="log, allow-list or live.")], person: Persons = None) -> None:
        """Set the mode. `live` is set by `satu alerts live`; `allow-list` needs --person."""
        if mode is Mode.LIVE:
            raise Misconfigured([Flaw("mode", "live", "use: satu alerts live --confirm PERSONS:MESSAGES")])
        _run(partial(AlertsCommand.set_mode, mode=mode, allowed=tuple(person or ()), confirmed=None))

    @alerts.command()
    def live(confirm: Confirm = None) -> None:
        """Let alerts go to everybody. Without the right numbers it only prints them."""
        _run(partial(AlertsCommand.set_mode, mode=Mode.LIVE, allowed=(), confirmed=_pair(confirm)))

    @alerts.command()
    def stop() -> None:
        """Stop all sending at once, in every process. The mode is kept."""
        _run(partial(AlertsCommand.switch, stopped=True))

    @alerts.command()
    def start() -> None:
        """Undo `satu alerts stop`."""
        _run(partial(AlertsCommand.switch, stopped=False))

    alerts.command("text")(text)


def _pair(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    match = _PAIR.fullmatch(text)
    if match is None:
        raise Misconfigured([Flaw("--confirm", "malformed", "must be PERSONS:MESSAGES, such as 30:34")])
    return int(match[1]), int(match[2])


def _run(method: Callable[[AlertsCommand], Awaitable[list[str]]]) -> None:
    settings = settings_for_command()

    async def work() -> list[str]:
        async with process.opened(NAME, settings) as world:
            parts = Notifications(world)
            await parts.reminders.alerting.begin()  # a store of an earlier release may not have been started yet
            return await method(AlertsCommand(parts))

    for line in do(work()):
        say(line)


def commands(app: typer.Typer) -> None:
    """Add the commands to `satu`."""
    app.command("remind")(remind)
    _alerts(app)
