"""`satu config`: the settings, with secrets masked."""

from __future__ import annotations

import typer

from shared.cli.console import say, settings_for_command
from shared.runtime.installed import KNOWN
from shared.settings import shown, without_password


def commands(app: typer.Typer) -> None:
    """Add `config`."""

    @app.command()
    def config() -> None:
        """Print the settings, with secrets masked. Each variable X may also be given as a file, X_FILE."""
        settings = settings_for_command()
        for name, value in shown(settings).items():
            say(f"{name}={value}")
        host, port = settings.admin
        say(f"# admin address: {host}:{port}")
        for service in KNOWN:
            for part, url in (
                ("store", settings.store_of(service)),
                ("bus", settings.bus_of(service)),
                ("files", settings.files_of(service)),
            ):
                say(f"# {service} {part}: {without_password(url)}")
