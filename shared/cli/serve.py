"""`satu up` runs all services in one process; `satu serve` runs one."""

from __future__ import annotations

from typing import Annotated

import typer

from shared.auth import keys
from shared.auth.issuers import PORTAL
from shared.cli.console import do, say
from shared.runtime.installed import chosen, installed, require
from shared.runtime.process import run
from shared.settings import Settings, load


def commands(app: typer.Typer) -> None:
    """Add `up` and `serve`."""

    @app.command()
    def up(
        port: Annotated[int | None, typer.Option(help="The port to listen on; by default PORT.")] = None,
        host: Annotated[str | None, typer.Option(help="The address to listen on; by default HOST.")] = None,
    ) -> None:
        """Run all installed services in one process. Makes the keys of tokens if there are none."""
        settings = _settings(port, host)
        kid, fresh = keys.init(settings.root, settings.keys)
        if fresh:
            say(f"made the key of tokens {kid}; `satu token issue` signs with it")
        if PORTAL.holder in installed():
            keys.init(settings.root, settings.keys, PORTAL)
            if fresh:
                say("in another terminal: `satu setup` registers a region and invites its first curator")
        do(run(settings, chosen(())))

    @app.command()
    def serve(
        service: Annotated[str, typer.Argument(help="registry, scoring or notifications.")],
        port: Annotated[int | None, typer.Option(help="The port to listen on; by default PORT.")] = None,
        host: Annotated[str | None, typer.Option(help="The address to listen on; by default HOST.")] = None,
    ) -> None:
        """Run one service. On MongoDB and RabbitMQ it may run in any number of processes."""
        require(service)
        do(run(_settings(port, host), (service,)))


def _settings(port: int | None, host: str | None) -> Settings:
    given = {name: value for name, value in (("port", port), ("host", host)) if value is not None}
    return load(None, **given)
