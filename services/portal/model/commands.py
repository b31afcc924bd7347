"""`satu portal status`, `reset` and `complete`. They run where the portal's data is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import typer

from services.portal.model.keeping.handlers import PURPOSE
from services.portal.model.upkeep.mark import Mark, Marks
from services.portal.model.upkeep.reset import reset as emptied
from services.portal.model.upkeep.upkeep import CURE, Upkeep
from shared.cli.console import do, say, settings_for_command
from shared.contracts.subscriptions import subscription
from shared.faults import Conflict
from shared.messaging.queue_losses import depths, require_all_taken
from shared.ports.bus import QueueState
from shared.runtime import process
from shared.runtime.service import Resources

_SERVICE = "portal"
_TAKEN = subscription(f"{_SERVICE}.{PURPOSE}")


def add_model_commands(portal: typer.Typer) -> None:
    """Add them below `satu portal`."""

    @portal.command()
    def status() -> None:
        """Print whether the read model is complete, and what waits for it."""
        do(_with_bus(_status))

    @portal.command()
    def reset() -> None:
        """Empty the read model, to build it anew. Accounts, invitations and sessions stay.

        In one process with all services it is filled by itself; else run `satu resync … --wait` for each service, then
        `satu portal complete`. Pages say meanwhile that it is being built.
        """
        do(_with_bus(_reset))

    @portal.command()
    def complete() -> None:
        """Declare that the read model has every subject: after `satu resync … --wait` of all services. Refused while
        events wait, are parked, or were dropped."""
        do(_with_bus(_complete))


async def _with_bus(work: Callable[[Resources], Awaitable[None]]) -> None:
    async with process.opened(_SERVICE, settings_for_command()) as resources:
        await resources.bus.open()
        try:
            await work(resources)
        finally:
            await resources.bus.close()


async def _status(resources: Resources) -> None:
    mark, state = await Marks(resources.store).load(), await resources.bus.state(_TAKEN)
    for line in lines(mark, state):
        say(line)


def lines(mark: Mark, state: QueueState) -> list[str]:
    """What `status` prints."""
    how = "complete" if mark.complete else f"incomplete: {CURE}"
    if mark.emptying:
        how = "being emptied; if no `satu portal reset` runs, run it again"
    return [
        f"generation {mark.generation}, {how}",
        depths(state),
    ]


async def _reset(resources: Resources) -> None:
    mark = await emptied(resources.store, Marks(resources.store))
    say(f"generation {mark.generation} begins, empty; {CURE} (one process with all services does that by itself)")


async def _complete(resources: Resources) -> None:
    await require_all_taken(resources.bus, _TAKEN)
    marks = Marks(resources.store)
    if not await Upkeep(marks, resources.bus, _TAKEN).filled():
        raise Conflict(f"events were lost or parked, or a reset has not ended: {CURE}")
    say(f"generation {(await marks.load()).generation} is complete")
