"""The commands that the portal adds to `satu`. They run where its data is."""

from __future__ import annotations

import typer

from services.portal.accounts.commands import add_account_commands
from services.portal.model.commands import add_model_commands


def commands(app: typer.Typer) -> None:
    """Add `portal`."""
    portal = typer.Typer(help="The web portal: its read model and its accounts.", no_args_is_help=True)
    app.add_typer(portal, name="portal")
    add_model_commands(portal)
    add_account_commands(portal)
