"""The commands that scoring adds to `satu`: one module of `cli` each."""

from __future__ import annotations

import typer

from services.scoring.cli import catalogue, index, rescore, score


def commands(app: typer.Typer) -> None:
    """Add scoring's commands to `app`."""
    for module in (catalogue, index, rescore, score):
        module.commands(app)
