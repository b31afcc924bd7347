"""`satu demo`: the whole system on sample data, in one process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from shared.cli.console import do, say, settings_for_command
from shared.clock import machine_seconds
from shared.observability import logs


def commands(app: typer.Typer) -> None:
    """Add `demo`."""

    @app.command()
    def demo(
        *,
        port: Annotated[int, typer.Option(help="Where to listen, on loopback; 0 takes a free one.")] = 8000,
        once: Annotated[bool, typer.Option("--once", help="End after the result.")] = False,
    ) -> None:
        """Run every step of a year on sample data; each run starts anew in data/demo. Exit status 1 if a step
        failed."""
        from shared.demo.run import run_demo  # noqa: PLC0415 - its libraries are slow to import; only the demo needs them

        settings = settings_for_command()
        if settings.log_level == "info":  # the default: the steps say what happens
            logs.configure(settings.log_format, "error")
        result = do(run_demo(settings.root / "demo", port, once=once, say=_timed()))
        if result.failed:
            raise typer.Exit(1)


def _timed() -> Callable[[str], None]:
    """Print each line with the seconds since the start."""
    begun = machine_seconds()

    def timed(line: str) -> None:
        say(f"{machine_seconds() - begun:5.1f} s  {line}")

    return timed
