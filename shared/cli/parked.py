"""`satu parked`: list, show, replay or discard parked messages."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated

import typer

from shared.cli.console import do, progress, say, settings_for_command
from shared.clock import Clock
from shared.contracts.subscriptions import SUBSCRIPTIONS, Subscription, subscription
from shared.faults import Flaw, Invalid
from shared.operations.parked import Selection, described, move, selected
from shared.ports.bus import Bus
from shared.runtime.engines import Engines
from shared.runtime.installed import installed, require

_AGE = re.compile(r"^(\d+)([smhd])$")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

Named = Annotated[str, typer.Option("--subscription", help="The queue, such as scoring.innovations.")]
Ids = Annotated[list[str] | None, typer.Option("--id", help="This message; may be given again.")]
Reason = Annotated[str | None, typer.Option(help="Only those whose reason or fault contains this.")]
OlderThan = Annotated[str | None, typer.Option(help="Only those parked at least so long ago: 30s, 10m, 2h, 7d.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only print how many.")]


def commands(app: typer.Typer) -> None:
    """Add `parked list`, `show`, `replay` and `discard`."""
    parked = typer.Typer(help="Messages that could not be processed.", no_args_is_help=True)
    app.add_typer(parked, name="parked")

    @parked.command("list")
    def list_(
        subscription: Annotated[str | None, typer.Option(help="One queue; by default all of this image.")] = None,
        reason: Reason = None,
        older_than: OlderThan = None,
    ) -> None:
        """Print a line for each parked message: queue, id, attempts, last time, fault and reason."""
        do(_list(subscription, _selection(None, reason, older_than)))

    @parked.command()
    def show(subscription: Named, id: Ids = None, reason: Reason = None, older_than: OlderThan = None) -> None:
        """Print parked messages in full, as JSON lines."""
        do(_show(_subscription(subscription), _selection(id, reason, older_than)))

    @parked.command()
    def replay(
        subscription: Named,
        id: Ids = None,
        reason: Reason = None,
        older_than: OlderThan = None,
        *,
        dry_run: DryRun = False,
    ) -> None:
        """Put parked messages back into their queue, with attempt 0."""
        moved = do(_move(_subscription(subscription), _selection(id, reason, older_than), replay=True, dry_run=dry_run))
        say(f"{moved} {'would be replayed' if dry_run else 'replayed'}")

    @parked.command()
    def discard(
        subscription: Named,
        id: Ids = None,
        reason: Reason = None,
        older_than: OlderThan = None,
        *,
        everything: Annotated[bool, typer.Option("--all", help="Confirm that all of them are meant.")] = False,
        dry_run: DryRun = False,
    ) -> None:
        """Discard parked messages for good. Without --id, --reason or --older-than it needs --all."""
        selection = _selection(id, reason, older_than)
        if selection.everything and not (everything or dry_run):
            raise Invalid([Flaw("--all", "missing", "this would discard every parked message; add --all to confirm")])
        moved = do(_move(_subscription(subscription), selection, replay=False, dry_run=dry_run))
        say(f"{moved} {'would be discarded' if dry_run else 'discarded'}")


def _subscription(name: str) -> Subscription:
    try:
        found = subscription(name)
    except KeyError as error:
        raise Invalid([Flaw("--subscription", "unknown", str(error.args[0]))]) from None
    require(found.service)
    return found


def _selection(ids: list[str] | None, reason: str | None, older_than: str | None) -> Selection:
    if older_than is None:
        return Selection(frozenset(ids or ()), reason)
    match = _AGE.match(older_than)
    if match is None:
        raise Invalid([Flaw("--older-than", "malformed", "must be a number and a unit: 30s, 10m, 2h, 7d")])
    return Selection(frozenset(ids or ()), reason, timedelta(**{_UNITS[match[2]]: int(match[1])}))


@asynccontextmanager
async def _bus(service: str) -> AsyncIterator[Bus]:
    bus = Engines(settings_for_command()).bus(service)
    await bus.open()
    try:
        yield bus
    finally:
        await bus.close()


async def _list(name: str | None, selection: Selection) -> None:
    wanted = [_subscription(name)] if name else [each for each in SUBSCRIPTIONS if each.service in installed()]
    for each in wanted:
        async with _bus(each.service) as bus:
            async for parked in selected(bus, each, selection, Clock.machine()):
                last = parked.last_at.isoformat(timespec="seconds") if parked.last_at else "-"
                say(f"{each.name}  {parked.id}  {parked.attempt}  {last}  {parked.fault}: {parked.reason}")


async def _show(subscription: Subscription, selection: Selection) -> None:
    async with _bus(subscription.service) as bus:
        async for parked in selected(bus, subscription, selection, Clock.machine()):
            say(json.dumps(described(parked), ensure_ascii=False))


async def _move(subscription: Subscription, selection: Selection, *, replay: bool, dry_run: bool) -> int:
    async with _bus(subscription.service) as bus:
        with progress("replayed" if replay else "discarded") as shown:
            return await move(
                bus, subscription, selection, Clock.machine(), replay=replay, dry_run=dry_run, progress=shown.update
            )
