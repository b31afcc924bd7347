"""`satu doctor`: what is wrong, and the command that mends it."""

from __future__ import annotations

import typer

from shared.cli.console import do, say, settings_for_command
from shared.clock import Clock
from shared.operations.doctor import examine
from shared.runtime.engines import Engines
from shared.runtime.installed import installed
from shared.runtime.process import compose


def commands(app: typer.Typer) -> None:
    """Brings `doctor`."""

    @app.command()
    def doctor() -> None:
        """Ask every part how it is; exit status 1 when something is wrong."""
        settings = settings_for_command()
        engines, clock = Engines(settings), Clock(settings.business_time)
        findings = do(examine(settings, [compose(name, engines, clock, settings) for name in installed()]))
        for each in findings:
            say(f"{'ok   ' if each.well else 'WRONG'}  {each.part}: {each.says}")
            if not each.well:
                say(f"       → {each.cure}")
        if not all(each.well for each in findings):
            raise typer.Exit(1)
