"""The commands that the feed adds to `satu`. They run where its data is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import typer

from services.feed.latest.mark import Mark, Marks
from services.feed.latest.upkeep import CURE, Upkeep
from shared.cli.console import do, say, settings_for_command
from shared.contracts.subscriptions import subscription
from shared.faults import Conflict
from shared.messaging.queue_losses import depths, require_all_taken
from shared.ports.bus import QueueState
from shared.runtime import process
from shared.runtime.service import Resources

NAME = "feed"
LATEST = subscription("feed.latest")


def commands(app: typer.Typer) -> None:
    """Add `feed`."""
    feed = typer.Typer(help="The newest event of each subject, for other systems.", no_args_is_help=True)
    app.add_typer(feed, name="feed")

    @feed.command()
    def status() -> None:
        """Print the generation, up to where the feed may be read, whether it is complete, and what waits."""
        do(_with_bus(_status))

    @feed.command()
    def rebuild() -> None:
        """Begin a new, empty generation: readers read from the beginning.

        In one process with all services it is filled by itself; else run `satu resync … --wait` for each service, then
        `satu feed complete`.
        """
        do(_with_bus(_rebuild))

    @feed.command()
    def complete() -> None:
        """Declare that the feed has every subject: after `satu resync … --wait` of all services. Refused while events
        wait, are parked, or were dropped."""
        do(_with_bus(_complete))


async def _with_bus(work: Callable[[Resources], Awaitable[None]]) -> None:
    async with process.opened(NAME, settings_for_command()) as resources:
        await resources.bus.open()
        try:
            await work(resources)
        finally:
            await resources.bus.close()


async def _status(resources: Resources) -> None:
    mark, state = await Marks(resources.store).load(), await resources.bus.state(LATEST)
    for line in lines(mark, state):
        say(line)


def lines(mark: Mark, state: QueueState) -> list[str]:
    """What `status` prints."""
    return [
        f"generation {mark.generation}, {'complete' if mark.complete else f'incomplete: {CURE}'}",
        f"may be read up to place {mark.mark}",
        depths(state),
    ]


async def _rebuild(resources: Resources) -> None:
    mark = await Marks(resources.store).rebuild()
    say(f"generation {mark.generation} begins; {CURE} (one process with all services does that by itself)")


async def _complete(resources: Resources) -> None:
    await require_all_taken(resources.bus, LATEST)
    marks = Marks(resources.store)
    if not await Upkeep(resources.store, marks, resources.bus, LATEST).filled():
        raise Conflict(f"events were lost or parked: {CURE}")
    say(f"generation {(await marks.load()).generation} is complete")
