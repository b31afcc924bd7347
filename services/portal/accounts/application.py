"""Puts the parts of accounts together, for pages, API, loops, commands and the other packages of the portal."""

from __future__ import annotations

import asyncio
from functools import partial

import structlog

from services.portal.accounts.codes import Codes
from services.portal.accounts.inviting import Inviting
from services.portal.accounts.key import PortalKey
from services.portal.accounts.links import Links
from services.portal.accounts.mail.sender import EVERY as MAILS_EVERY
from services.portal.accounts.mail.sender import Mailer, MailSender
from services.portal.accounts.mail.smtp import SmtpMailer
from services.portal.accounts.managing import Managing
from services.portal.accounts.password import Passwords
from services.portal.accounts.privacy import SERVICE, PortalPersonalData
from services.portal.accounts.resetting import Resetting
from services.portal.accounts.sessions import Sessions
from services.portal.accounts.signing_in import SigningIn
from services.portal.accounts.taken_addresses import TakenAddresses
from services.portal.accounts.tokens import Tokens
from services.portal.accounts.upkeep import EVERY as UPKEEP_EVERY
from services.portal.accounts.upkeep import Upkeep
from services.portal.settings import PortalSettings
from shared.runtime.service import Loop, Resources
from shared.smtp_url import parse
from shared.storage.erasures.keeping import Erasures
from shared.storage.erasures.list import ErasureList

log = structlog.get_logger("portal")


class Accounts:
    """All parts. mailer: by default the server of the settings, if they name one."""

    def __init__(self, resources: Resources, mailer: Mailer | None = None) -> None:
        store, clock = resources.store, resources.clock
        settings = resources.settings.of(PortalSettings)
        self.key = PortalKey(resources.settings)
        self.links = Links(settings.address)
        self.passwords = Passwords()
        self.taken = TakenAddresses(store)
        self.sessions = Sessions(store)
        self.tokens = Tokens(self.sessions, self.key)
        self.signing_in = SigningIn(
            store, self.sessions, self.passwords, self.taken, partial(self.key.derived, "locks")
        )
        mailer = mailer or mailer_of(settings)
        codes = Codes(partial(self.key.derived, "links"))
        self._mails_due = asyncio.Event()
        self.inviting = Inviting(
            store,
            clock,
            self.taken,
            self.passwords,
            codes=codes,
            links=self.links,
            sends_mail=mailer is not None,
            woken=self._mails_due.set,
        )
        self.resetting = Resetting(
            store,
            self.taken,
            self.passwords,
            codes=codes,
            links=self.links,
            sends_mail=mailer is not None,
            woken=self._mails_due.set,
        )
        self.managing = Managing(store, clock, self.sessions, self.passwords, self.taken)
        self.mails = MailSender(store, codes, self.links, mailer)
        self.upkeep = Upkeep(store, self.sessions, self.inviting, self.resetting)
        self.personal_data = PortalPersonalData(
            store,
            self.sessions,
            self.taken,
            Erasures(store, SERVICE, ErasureList(resources.settings.erasures)),
        )

    @property
    def loops(self) -> tuple[Loop, ...]:
        """What runs again and again."""
        return (
            Loop("mails", MAILS_EVERY, self.mails.run, self._mails_due),
            Loop("accounts", UPKEEP_EVERY, self.upkeep.run),
        )

    async def start(self) -> None:
        """Make the key pair, or read the secret. Raises Misconfigured."""
        self.key.prepare()

    async def stop(self) -> None:
        """Finish what was asked for."""
        await self.resetting.settled()
        self.passwords.close()


def mailer_of(settings: PortalSettings) -> Mailer | None:
    """The server for mails; None: there is none, and links are shown to whoever invites."""
    url = settings.smtp_url.get_secret_value()
    if not url or not settings.mail_from:
        return None
    return SmtpMailer(parse(url), settings.mail_from, settings.mail_reply_to)
