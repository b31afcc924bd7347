"""What the portal adds to `satu doctor`: whether services accept its tokens, and whether people can be invited."""

from __future__ import annotations

from services.portal.accounts.application import mailer_of
from services.portal.accounts.key import PortalKey
from services.portal.accounts.managing import AccountFilter
from services.portal.accounts.repositories import account_repository
from services.portal.settings import PortalSettings, public_address
from shared.auth.issuers import PORTAL
from shared.faults import Misconfigured
from shared.operations.doctor import Check
from shared.runtime import process
from shared.settings import Settings


async def checks(settings: Settings) -> list[Check]:
    """Reads the key, the settings and the store; sends nothing."""
    return [_key(settings), _address(settings), _mail(settings), await _accounts(settings)]


def _key(settings: Settings) -> Check:
    try:
        kid = PortalKey(settings).load().kid
    except Misconfigured as fault:
        secret = settings.of(PortalSettings).portal_key.get_secret_value()
        if not secret and not PORTAL.private_path(settings.root).exists():
            return Check("portal key", passed=True, found="there is none yet: the portal makes it when it starts")
        fix = "start the portal once (satu up), or make secrets"
        return Check("portal key", passed=False, found=str(fault), fix=fix)
    public = PORTAL.public_folder(settings.keys) / f"{kid}.pub"
    if public.exists():
        return Check("portal key", passed=True, found=f"{kid}; the public half is in {public.parent}")
    found = f"{public} is not there: services refuse the tokens of those who sign in"
    return Check("portal key", passed=False, found=found, fix="restart the portal, or make secrets")


def _address(settings: Settings) -> Check:
    address = public_address(settings)
    if address:
        return Check("PORTAL_URL", passed=True, found=address)
    found = "is not set: links in mails name this machine, and cookies are sent without TLS"
    return Check("PORTAL_URL", passed=True, found=found)


def _mail(settings: Settings) -> Check:
    if mailer_of(settings.of(PortalSettings)) is None:
        found = "no server for mails (SMTP_URL, MAIL_FROM): links are shown to whoever invites"
        return Check("portal mail", passed=True, found=found)
    return Check("portal mail", passed=True, found="invitations go by mail")


async def _accounts(settings: Settings) -> Check:
    async with process.opened("portal", settings) as resources:
        page = await account_repository(resources.store).list(AccountFilter().where, limit=1, after=None)
    if page.items:
        return Check("portal accounts", passed=True, found="there are accounts")
    return Check("portal accounts", passed=True, found="there are none yet: satu setup invites the first curator")
