"""`satu token`: the operator's key pair, and tokens signed with it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import jwt
import typer

from shared.auth import keys
from shared.auth.policy import Role
from shared.auth.revoked import NAME, revoke
from shared.cli.console import say, settings_for_command
from shared.clock import Clock
from shared.faults import Flaw, Invalid, Misconfigured

_DAYS = 7


def commands(app: typer.Typer) -> None:
    """Add `token init`, `token issue` and `token revoke`."""
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
        *,
        role: Annotated[Role, typer.Option(help="The role that the token gives.")],
        account: Annotated[
            str,
            typer.Option(
                help="The id of the person's account, never a name: what is done with the token is logged under it."
            ),
        ],
        region: Annotated[str | None, typer.Option(help="Kemendagri's code, such as 61.12.")] = None,
        agency: Annotated[list[str] | None, typer.Option(help="An agency's id; may be given again.")] = None,
        subjects: Annotated[
            str | None,
            typer.Option(help="For role subscriber: the kinds of subject to read, such as innovation,obligation."),
        ] = None,
        province: Annotated[
            str | None, typer.Option(help="For role subscriber: all regions of a province, such as 61.")
        ] = None,
        days: Annotated[int, typer.Option(help=f"For how many days it is valid, at most {keys.LONGEST.days}.")] = _DAYS,
    ) -> None:
        """Print a token; on standard error, its id and when it expires."""
        settings = settings_for_command()
        kinds = tuple(each.strip() for each in subjects.split(",")) if subjects else ()
        grant = keys.Grant(account, role, region, tuple(agency or ()), kinds, province)
        made = keys.issue(settings.root, grant, timedelta(days=days))
        claims = _claims(made)
        sys.stderr.write(f"jti {claims['jti']}, expires {_expiry(claims).isoformat()}\n")
        say(made)

    @token.command("revoke")
    def revoke_token(
        token: Annotated[
            str, typer.Argument(help="The token's id (jti), or the token; `-` reads it from standard input.")
        ],
    ) -> None:
        """Refuse one token from now on; services notice within 2 seconds."""
        settings = settings_for_command()
        text = sys.stdin.read().strip() if token == "-" else token  # noqa: S105 - no password
        jti, expiry = _identified(text)
        file = settings.keys / NAME
        try:
            fresh = revoke(settings.keys, jti, expiry)
        except OSError as error:
            raise Misconfigured([Flaw(str(file), "unusable", f"cannot be written: {error.strerror}")]) from error
        say(f"{'revoked' if fresh else 'was revoked before'}: {jti}, listed in {file}")


def _identified(text: str) -> tuple[str, datetime]:
    """The id of a token and when it expires; of a mere id, when the longest token that exists by now expires. Raises
    Invalid for a token without an id."""
    if text.count(".") != 2:  # noqa: PLR2004 - header, claims and signature
        return text, (Clock.machine() + keys.LONGEST).replace(microsecond=0)
    try:
        claims = _claims(text)
        return str(claims["jti"]), _expiry(claims)
    except KeyError:
        why = "has no jti, as a former release issued it: it ends with its key (remove the key's file from access/)"
        raise Invalid([Flaw("token", "without-id", why)]) from None
    except (jwt.PyJWTError, ValueError):
        raise Invalid([Flaw("token", "unreadable", "is not a token")]) from None


def _claims(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def _expiry(claims: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(claims["exp"], UTC)
