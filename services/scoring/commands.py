"""The commands that scoring brings to `satu`: what every room of `cli` adds."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import typer

from services.scoring import cli


def commands(app: typer.Typer) -> None:
    """Put the commands into `satu`, in the order of the rooms' names."""
    for room in sorted(each.name for each in iter_modules(cli.__path__)):
        import_module(f"{cli.__name__}.{room}").commands(app)
