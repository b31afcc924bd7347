"""`satu token`: the operator's key pair, and tokens signed with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from shared.auth import keys
from shared.auth.policy import Role
from shared.cli.console import say, settings_for_command

_DAYS = 30


def commands(app: typer.Typer) -> None:
    """Add `token init` and `token issue`."""
    token = typer.Typer(help="Bearer tokens and their keys.", no_args_is_help=True)
    app.add_typer(token, name="token")

    @token.command()
    def init() -> None:
        """Make the key pair if there is none: private in operator/token.key (0600), public in access/."""
        settings = settings_for_command()
        kid, fresh = keys.init(settings.root, settings.keys)
        say(f"{'made' if fresh else 'kept'} {kid}: {settings.keys / f'{kid}.pub'}")

    @token.command()
    def issue(
        role: Annotated[Role, typer.Option(help="The role that the token gives.")],
        region: Annotated[str | None, typer.Option(help="Kemendagri's code, such as 61.12.")] = None,
        agency: Annotated[list[str] | None, typer.Option(help="An agency's id; may be given again.")] = None,
        account: Annotated[
            str | None, typer.Option(help="The account's id, never a name; by default made from the other options.")
        ] = None,
        days: Annotated[int, typer.Option(help="For how many days it is valid.")] = _DAYS,
    ) -> None:
        """Print a token."""
        settings = settings_for_command()
        agencies = tuple(agency or ())
        name = account or "-".join(part for part in (role.value, region, *agencies[:1]) if part)
        say(keys.issue(settings.root, keys.Grant(name, role, region, agencies), timedelta(days=days)))
