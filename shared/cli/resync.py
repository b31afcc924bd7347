"""`satu resync`: owe the last event of every document again."""

from __future__ import annotations

from typing import Annotated

import typer

from shared.cli.console import do, say, settings_for_command, steps
from shared.operations.resync import Progress, resync
from shared.runtime.process import opened_service
from shared.runtime.service import Service
from shared.settings import Settings


def commands(app: typer.Typer) -> None:
    """Brings `resync`."""

    @app.command("resync")
    def resync_(
        service: Annotated[str, typer.Argument(help="Whose documents.")],
        *,
        after_restore: Annotated[
            bool, typer.Option("--after-restore", help="Stamp every document anew: after a restore from backup.")
        ] = False,
    ) -> None:
        """Owe the last event of every document again, to everyone: rebuilds copies; whoever has it changes nothing."""
        owed = do(resync_service(settings_for_command(), service, after_restore=after_restore))
        say(f"{service}: {owed} events owed again; its relay carries them as soon as it runs")


async def resync_service(settings: Settings, name: str, *, after_restore: bool) -> int:
    """Owe again; how many events."""
    async with opened_service(name, settings) as (world, service):
        with steps(f"resync {name}") as shown:

            def progress(now: Progress) -> None:
                shown.reach(now.seen)

            return await resync(world.store, resyncable(service), after_restore=after_restore, progress=progress)


def resyncable(service: Service) -> tuple[str, ...]:
    """The kinds whose documents owe events."""
    return service.resyncable or tuple(kind.name for kind in service.kinds)
