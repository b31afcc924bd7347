"""`satu events tail`: prints events as they are published."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from typing import Annotated

import typer

from shared.cli.console import do, say, settings_for_command
from shared.contracts.event import Event
from shared.faults import Flaw, Invalid, Unreadable
from shared.ports.bus import Tailing
from shared.runtime.engines import Engines
from shared.settings import Settings


def commands(app: typer.Typer) -> None:
    """Add `events tail`."""
    events = typer.Typer(help="The events as they are published.", no_args_is_help=True)
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
