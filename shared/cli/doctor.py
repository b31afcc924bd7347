"""`satu doctor`: what is wrong, and how to solve it."""

from __future__ import annotations

import typer

from shared.cli.console import do, say, settings_for_command
from shared.clock import Clock
from shared.operations.doctor import examine
from shared.runtime.engines import Engines
from shared.runtime.installed import installed
from shared.runtime.process import compose


def commands(app: typer.Typer) -> None:
    """Add `doctor`."""

    @app.command()
    def doctor() -> None:
        """Check every part of the installed services; exit status 1 when something is wrong."""
        settings = settings_for_command()
        engines, clock = Engines(settings), Clock(settings.business_time)
        done = do(examine(settings, [compose(name, engines, clock, settings) for name in installed()]))
        for each in done:
            say(f"{'ok   ' if each.passed else 'WRONG'}  {each.part}: {each.found}")
            if not each.passed:
                say(f"       → {each.fix}")
        if not all(each.passed for each in done):
            raise typer.Exit(1)
