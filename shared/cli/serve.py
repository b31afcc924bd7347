"""`satu up`: all services in one process; `satu serve`: one."""

from __future__ import annotations

from typing import Annotated

import typer

from shared.auth import keys
from shared.cli.console import do, say
from shared.runtime.installed import chosen, require
from shared.runtime.process import run
from shared.settings import Settings, load


def commands(app: typer.Typer) -> None:
    """Brings `up` and `serve`."""

    @app.command()
    def up(
        port: Annotated[int | None, typer.Option(help="Where to listen; PORT otherwise.")] = None,
        host: Annotated[str | None, typer.Option(help="On which address; HOST otherwise.")] = None,
    ) -> None:
        """Run all services that are installed in one process. Makes the keys of tokens if there are none."""
        settings = _settings(port, host)
        kid, fresh = keys.init(settings.root, settings.keys)
        if fresh:
            say(f"made the key of tokens {kid}; `satu token issue` signs with it")
        do(run(settings, chosen(())))

    @app.command()
    def serve(
        service: Annotated[str, typer.Argument(help="registry, scoring or notifications.")],
        port: Annotated[int | None, typer.Option(help="Where to listen; PORT otherwise.")] = None,
        host: Annotated[str | None, typer.Option(help="On which address; HOST otherwise.")] = None,
    ) -> None:
        """Run one service; any number of replicas may run when its engines are distributed."""
        require(service)
        do(run(_settings(port, host), (service,)))


def _settings(port: int | None, host: str | None) -> Settings:
    given = {name: value for name, value in (("port", port), ("host", host)) if value is not None}
    return load(None, **given)
