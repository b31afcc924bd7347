"""Which account may manage which others. Pure.

Operators manage all accounts. A curator invites and manages the accounts of agencies and executives of the own region.
"""

from __future__ import annotations

from services.portal.accounts.account import Account
from services.portal.pages.language import _
from services.portal.pages.session import SignedIn
from shared.auth.policy import Role
from shared.faults import Forbidden, NotFound

OF_CURATORS = (Role.AGENCY, Role.EXECUTIVE)
"""The roles that a curator gives and takes."""


def roles_of(who: SignedIn) -> tuple[Role, ...]:
    """The roles that this account may give."""
    if who.role is Role.OPERATOR:
        return (Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)
    return OF_CURATORS if who.role is Role.CURATOR else ()


def require_may_invite(who: SignedIn, role: Role, region: str | None) -> None:
    """Raises Forbidden."""
    own = who.role is Role.OPERATOR or region == who.region
    if role not in roles_of(who) or not own:
        raise Forbidden(_("Anda tidak berwenang mengundang akun ini."))


def require_manages(who: SignedIn, role: Role, region: str | None) -> None:
    """Raises NotFound: whoever may not manage it need not know that it exists."""
    if who.role is Role.OPERATOR or (who.role is Role.CURATOR and role in OF_CURATORS and region == who.region):
        return
    raise NotFound(_("Akun ini tidak ada."))


def manages(who: SignedIn, account: Account) -> bool:
    """Whether it may manage the account."""
    try:
        require_manages(who, account.role, account.region)
    except NotFound:
        return False
    return True
