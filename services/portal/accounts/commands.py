"""`satu portal account`: accounts and invitations, for operators. They run where the portal's data is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated
from uuid import uuid4

import typer
from pydantic import ValidationError

from services.portal.accounts.account import Account
from services.portal.accounts.address import masked
from services.portal.accounts.api.invitations import InvitationBody
from services.portal.accounts.application import Accounts
from services.portal.accounts.inviting import Invited, NewInvitation
from services.portal.accounts.managing import AccountFilter
from shared.auth.policy import Role
from shared.cli.console import do, say, settings_for_command
from shared.observability.actor import current
from shared.runtime import process
from shared.storage.repository import Versioned
from shared.web.preconditions import fingerprint
from shared.web.validation import invalid_of

_PAGE = 200

Id = Annotated[str, typer.Argument(help="The account's id.")]
InvitationId = Annotated[str, typer.Argument(help="The invitation's id.")]


def add_account_commands(portal: typer.Typer) -> None:
    """Add `account` below `satu portal`."""
    account = typer.Typer(help="Accounts of people, and invitations.", no_args_is_help=True)
    portal.add_typer(account, name="account")
    _reading(account)
    _inviting(account)
    _changing(account)


def _reading(account: typer.Typer) -> None:
    @account.command("list")
    def list_accounts(
        *, region: Annotated[str | None, typer.Option(help="Only of this region, such as 61.12.")] = None
    ) -> None:
        """Print the accounts: id, role, region, state, masked address."""
        do(_with(lambda accounts: _list(accounts, region)))

    @account.command()
    def show(id: Id) -> None:
        """Print one account, and how many sessions it has open."""
        do(_with(lambda accounts: _show(accounts, id)))

    @account.command()
    def invitations(
        *, region: Annotated[str | None, typer.Option(help="Only of this region, such as 61.12.")] = None
    ) -> None:
        """Print the invitations that were not accepted or revoked."""
        do(_with(lambda accounts: _invitations(accounts, region)))


def _inviting(account: typer.Typer) -> None:
    @account.command()
    def invite(
        *,
        role: Annotated[Role, typer.Option(help="agency, curator, executive, or operator (of the portal alone).")],
        name: Annotated[str, typer.Option(help="The person's name.")],
        email: Annotated[str, typer.Option(help="The address with which the person signs in.")],
        region: Annotated[str | None, typer.Option(help="Kemendagri's code, such as 61.12; not for operators.")] = None,
        agency: Annotated[list[str] | None, typer.Option(help="An agency's id; may be given again.")] = None,
    ) -> None:
        """Invite a person. The link goes by mail if there is a server for mails, else it is printed."""
        given = {"role": role, "name": name, "email": email, "region": region, "agencies": agency or []}
        do(_with(lambda accounts: _invite(accounts, _checked(given))))

    @account.command()
    def renew(id: InvitationId) -> None:
        """Make another link for an open invitation; the former one is over."""
        do(_with(lambda accounts: _renew(accounts, id)))

    @account.command()
    def revoke(id: InvitationId) -> None:
        """End the link of an open invitation."""
        do(_with(lambda accounts: _revoke(accounts, id)))


def _changing(account: typer.Typer) -> None:
    @account.command()
    def close(id: Id) -> None:
        """Let nobody sign in with it any more; its sessions are over."""
        do(_with(lambda accounts: _told(accounts.managing.close(id))))

    @account.command("open")
    def open_account(id: Id) -> None:
        """Let the person of a closed account sign in again."""
        do(_with(lambda accounts: _told(accounts.managing.open(id))))

    @account.command("sign-out")
    def sign_out(id: Id) -> None:
        """End all of its sessions."""
        do(_with(lambda accounts: _told(accounts.managing.sign_out(id))))

    @account.command("remove-second-factor")
    def remove_second_factor(id: Id) -> None:
        """For a lost telephone: the password alone signs in again."""
        do(_with(lambda accounts: _told(accounts.managing.remove_second_factor(id))))

    @account.command()
    def reset(id: Id) -> None:
        """Print a link to choose another password: it works for an hour, once."""
        do(_with(lambda accounts: _reset(accounts, id)))


async def _with(work: Callable[[Accounts], Awaitable[None]]) -> None:
    settings = settings_for_command()
    async with process.opened("portal", settings) as resources:
        accounts = Accounts(resources)
        accounts.links.listening(f"http://127.0.0.1:{settings.port}")
        await accounts.start()
        try:
            await work(accounts)
        finally:
            await accounts.stop()


async def _list(accounts: Accounts, region: str | None) -> None:
    after: str | None = None
    while True:
        page = await accounts.managing.page(AccountFilter(region), limit=_PAGE, after=after)
        for each in page.items:
            say(_line(each))
        if page.after is None:
            return
        after = page.after


async def _show(accounts: Accounts, id: str) -> None:
    found = await accounts.managing.get(id)
    account = found.value
    say(_line(found))
    say(f"name {account.name}, address {account.email}, agencies {', '.join(account.agencies) or 'none'}")
    factor = "with" if account.second_factor else "without"
    sessions = len(await accounts.sessions.of_account(found))
    say(f"{factor} a second factor; last seen {account.last_seen or 'never'}; {sessions} open sessions")


async def _invitations(accounts: Accounts, region: str | None) -> None:
    after: str | None = None
    while True:
        page = await accounts.inviting.page(region, limit=_PAGE, after=after)
        for each in page.items:
            it = each.value
            say(f"{each.id}  {it.role}  {it.region or '-'}  until {it.expires:%Y-%m-%d}  {masked(it.email)}")
        if page.after is None:
            return
        after = page.after


async def _invite(accounts: Accounts, body: InvitationBody) -> None:
    by = current().account or ""
    new = NewInvitation(body.name, body.email, body.role, body.region, tuple(body.agencies), by)
    _tell(accounts, await accounts.inviting.create(str(uuid4()), new, fingerprint(body)))


async def _renew(accounts: Accounts, id: str) -> None:
    _tell(accounts, await accounts.inviting.renew(id, current().account or ""))


def _tell(accounts: Accounts, invited: Invited) -> None:
    if accounts.inviting.sends_mail:
        say(f"{invited.invitation.id}: the portal sends the link by mail; it works for 7 days")
    else:
        say(f"{invited.invitation.id}: hand this link to the person; it works once, for 7 days")
        say(invited.link or "")


async def _revoke(accounts: Accounts, id: str) -> None:
    await accounts.inviting.revoke(id)
    say(f"{id}: revoked")


async def _told(changing: Awaitable[Versioned[Account]]) -> None:
    changed = await changing
    say(f"{_line(changed)}{'' if changed.changed else ' (as before)'}")


async def _reset(accounts: Accounts, id: str) -> None:
    say(await accounts.resetting.link(id, current().account or ""))


def _checked(given: Mapping[str, object]) -> InvitationBody:
    """The options as the API takes them. Raises Invalid."""
    try:
        return InvitationBody.model_validate(given)
    except ValidationError as error:
        raise invalid_of(error.errors()) from error


def _line(found: Versioned[Account]) -> str:
    account = found.value
    return f"{found.id}  {account.role}  {account.region or '-'}  {account.status}  {masked(account.email)}"
