"""`satu resync`: publish the last event of every document again."""

from __future__ import annotations

from typing import Annotated

import typer

from shared.cli.console import do, progress, say, settings_for_command
from shared.runtime.filling import published
from shared.runtime.process import opened_service
from shared.settings import Settings
from shared.storage.resync import ResyncProgress, resync


def commands(app: typer.Typer) -> None:
    """Add `resync`."""

    @app.command("resync")
    def resync_(
        service: Annotated[str, typer.Argument(help="Whose documents.")],
        *,
        after_restore: Annotated[
            bool, typer.Option("--after-restore", help="Give every document a new sequence: after a restore.")
        ] = False,
        wait: Annotated[
            bool,
            typer.Option("--wait", help="Return when they are published. The service must run, here or elsewhere."),
        ] = False,
    ) -> None:
        """Publish the last event of every document again, to all services: those that have it change nothing, and lost
        copies are rebuilt."""
        owed = do(_resync(settings_for_command(), service, after_restore=after_restore, wait=wait))
        then = "published" if wait else "its relay publishes them as soon as it runs"
        say(f"{service}: {owed} events owed again; {then}")


async def _resync(settings: Settings, name: str, *, after_restore: bool, wait: bool) -> int:
    """How many events are owed again."""
    async with opened_service(name, settings) as (resources, service):
        with progress(f"resync {name}") as shown:

            def report(now: ResyncProgress) -> None:
                shown.update(now.seen)

            owed = await resync(resources.store, service.resynced, after_restore=after_restore, progress=report)
        if wait:
            await published(resources.store)
        return owed
