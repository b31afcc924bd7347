"""`satu demo`: the sample region goes through the whole system, in one process, before one's eyes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from shared.cli.console import do, say
from shared.clock import machine_seconds
from shared.demo.run import perform
from shared.observability import logs
from shared.settings import load


def commands(app: typer.Typer) -> None:
    """Brings `demo`."""

    @app.command()
    def demo(
        *,
        port: Annotated[int, typer.Option(help="Where to listen, on loopback; 0 takes a free one.")] = 8000,
        once: Annotated[bool, typer.Option("--once", help="End after the result.")] = False,
    ) -> None:
        """Show everything on sample data; each run begins anew in data/demo. Exit status 1 if a step did not come
        true."""
        settings = load()
        logs.configure(settings.log_format, "warning" if settings.log_level == "info" else settings.log_level)
        outcome = do(perform(_folder(settings.root), port, once=once, say=_timed()))
        if outcome.broken:
            raise typer.Exit(1)


def _folder(root: Path) -> Path:
    return root / "demo"


def _timed() -> Callable[[str], None]:
    begun = machine_seconds()

    def tell(line: str) -> None:
        say(f"{machine_seconds() - begun:5.1f} s  {line}")

    return tell
