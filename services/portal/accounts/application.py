"""Puts the parts of accounts together, for pages, API, loops, commands and the other packages of the portal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from fastapi import APIRouter

from services.portal.accounts.api.accounts import AccountRoutes
from services.portal.accounts.api.invitations import InvitationRoutes
from services.portal.accounts.inviting import Inviting
from services.portal.accounts.key import PortalKey
from services.portal.accounts.links import Links
from services.portal.accounts.mail.sender import EVERY as MAILS_EVERY
from services.portal.accounts.mail.sender import Mailer, MailSender
from services.portal.accounts.mail.smtp import SmtpMailer
from services.portal.accounts.managing import Managing
from services.portal.accounts.privacy import SERVICE, PortalPersonalData
from services.portal.accounts.proofs.codes import Codes
from services.portal.accounts.proofs.password import Passwords
from services.portal.accounts.resetting import Resetting
from services.portal.accounts.service_health import ServiceHealth
from services.portal.accounts.sessions import Sessions
from services.portal.accounts.signing_in import SigningIn
from services.portal.accounts.taken_addresses import TakenAddresses
from services.portal.accounts.tokens import Tokens
from services.portal.accounts.upkeep import EVERY as UPKEEP_EVERY
from services.portal.accounts.upkeep import Upkeep
from services.portal.accounts.views.common import SessionCookie
from services.portal.accounts.views.invitation import InvitationPages
from services.portal.accounts.views.inviting import InvitingPages
from services.portal.accounts.views.operator import OperatorPages
from services.portal.accounts.views.own_account import OwnAccountPages
from services.portal.accounts.views.people import PeoplePages
from services.portal.accounts.views.recovery import RecoveryPages
from services.portal.accounts.views.second_factor import SecondFactorPages
from services.portal.accounts.views.sign_in import SignInPages
from services.portal.choice.chooser import AgencyChooser
from services.portal.pages.render import Pages
from services.portal.settings import PortalSettings, public_address
from shared.runtime.service import Loop, Resources
from shared.smtp_url import parse
from shared.storage.erasures.keeping import Erasures
from shared.storage.erasures.list import ErasureList
from shared.web.routes import Routes


class Accounts:
    """All parts. mailer: by default the server of the settings, if they name one."""

    def __init__(self, resources: Resources, mailer: Mailer | None = None) -> None:
        store, clock = resources.store, resources.clock
        settings = resources.settings.of(PortalSettings)
        self.key = PortalKey(resources.settings)
        self.links = Links(public_address(resources.settings))
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

    def api(self) -> APIRouter:
        """The routes below `/portal/v1`."""
        router = APIRouter()
        for routes in (AccountRoutes(self.managing, self.resetting), InvitationRoutes(self.inviting)):
            router.routes.extend(routes.router().routes)
        return router

    def pages(self, pages: Pages, agencies: AgencyChooser, address: Callable[[str], str]) -> tuple[Routes, ...]:
        """The routes of the pages. agencies: chooses one of a region; address: where a service answers."""
        cookie = SessionCookie(secure=self.links.is_secure)
        return (
            SignInPages(pages, self.signing_in, self.sessions, cookie),
            RecoveryPages(pages, self.resetting),
            InvitationPages(pages, self.inviting, self.sessions, cookie),
            OwnAccountPages(pages, self.managing, self.sessions, self.signing_in, cookie),
            SecondFactorPages(pages, self.managing, self.signing_in),
            InvitingPages(pages, self.inviting, agencies),
            PeoplePages(pages, self.managing, self.resetting, self.sessions, agencies),
            OperatorPages(pages, self.sessions, ServiceHealth(address)),
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
    return SmtpMailer(parse(url), settings.mail_from, domain=settings.message_domain, reply_to=settings.mail_reply_to)
