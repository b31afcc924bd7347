"""`satu events`: prints events as they are published, or one subject's newest event, and publishes that again."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from typing import Annotated

import typer

from shared.cli.console import do, say, settings_for_command
from shared.contracts.event import Event
from shared.contracts.event_types import OwnedSubject, owned
from shared.faults import Flaw, Invalid, NotFound, Unreadable
from shared.ports.bus import Tailing
from shared.runtime.engines import Engines
from shared.runtime.installed import installed, require
from shared.runtime.process import opened
from shared.settings import Settings
from shared.storage.resync import replay as replay_one

FEED = "feed"
"""The service that keeps the newest event of each subject of all others."""


def commands(app: typer.Typer) -> None:
    """Add `events tail`, `show` and `replay`."""
    events = typer.Typer(help="Events: as they are published, and the newest of a subject.", no_args_is_help=True)
    app.add_typer(events, name="events")

    @events.command()
    def tail(
        type: Annotated[list[str] | None, typer.Option(help="Only this type; may be given again.")] = None,
        *,
        json: Annotated[bool, typer.Option("--json", help="The whole event, one JSON document a line.")] = False,
        most: Annotated[int | None, typer.Option(help="End after so many.")] = None,
    ) -> None:
        """Print every event from now on, until Ctrl-C. No subscription loses a message, and nothing is kept."""
        with contextlib.suppress(KeyboardInterrupt):
            do(_tail(settings_for_command(), frozenset(type or ()), whole=json, most=most))

    @events.command()
    def show(subject: Annotated[str, typer.Argument(help="Such as innovation/<id> or region/61.12.")]) -> None:
        """Print the newest event of a subject as JSON: from its owner where that is installed, else from the feed."""
        say(do(_newest(settings_for_command(), subject)))

    @events.command()
    def replay(subject: Annotated[list[str], typer.Argument(help="One or more subjects.")]) -> None:
        """Publish the newest event of these subjects again, with the same id: those who have it change nothing. For
        queues; a webhook endpoint has `redeliver`. `satu resync` does it for all subjects of a service."""
        found = [owned(each) for each in subject]
        for each in found:
            require(each.service)
        missing = do(_replay(settings_for_command(), found))
        for each in found:
            say(f"{each.subject}: {'has no event' if each in missing else 'owed again'}")
        if missing:
            raise typer.Exit(1)


async def _newest(settings: Settings, subject: str) -> str:
    """Raises NotFound, Invalid for an unknown kind of subject, Misconfigured where neither owner nor feed is."""
    asked = owned(subject)
    if asked.service in installed():
        async with opened(asked.service, settings) as resources:
            event = await resources.store.last_event(asked.kind, asked.id)
        body = None if event is None else event.body.decode()
    elif FEED in installed():
        async with opened(FEED, settings) as resources:
            kept = await resources.store.get("latest", subject)
        body = None if kept is None else str(kept.state["body"])
    else:
        require(asked.service)
        body = None
    if body is None:
        raise NotFound(f"{subject} has no event")
    return body


async def _replay(settings: Settings, subjects: list[OwnedSubject]) -> list[OwnedSubject]:
    """Those that have no event."""
    missing: list[OwnedSubject] = []
    for service in sorted({each.service for each in subjects}):
        async with opened(service, settings) as resources:
            asked = [each for each in subjects if each.service == service]
            missing += [each for each in asked if not await replay_one(resources.store, each.kind, each.id)]
    return missing


async def _tail(settings: Settings, types: frozenset[str], *, whole: bool, most: int | None) -> None:
    bus = Engines(settings).bus("tail")
    if not isinstance(bus, Tailing):
        raise Invalid([Flaw("BUS_URL", "cannot-tail", "this bus cannot be tailed")])
    await bus.open()
    bodies = bus.tail()
    printed = 0
    try:
        async for body in bodies:
            printed += _print(body, types, whole=whole)
            if most is not None and printed >= most:
                break
    finally:
        if isinstance(bodies, AsyncGenerator):
            await bodies.aclose()
        await bus.close()


def _print(body: bytes, types: frozenset[str], *, whole: bool) -> bool:
    """Print one event, if it is of a wanted type; whether it was."""
    try:
        event = Event.decode(body)
    except Unreadable as fault:
        say(f"unreadable: {fault.detail}")
        return True
    if types and event.type not in types:
        return False
    time = event.time.isoformat(timespec="seconds")
    say(body.decode() if whole else f"{time}  {event.type}  {event.id}  {event.region}")
    return True
