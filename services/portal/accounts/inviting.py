"""Invites people, and makes an account of an invitation that is accepted.

The account has the invitation's id: however often it is accepted, and wherever it is cut off, one account comes of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from services.portal.accounts.account import Account, scope_flaws
from services.portal.accounts.invitation import Invitation, InvitationStatus, until_of
from services.portal.accounts.kinds import INVITATION
from services.portal.accounts.links import Links
from services.portal.accounts.mail.due import MailDue
from services.portal.accounts.proofs.codes import Code, Codes, digest_of
from services.portal.accounts.proofs.password import Passwords, flaw
from services.portal.accounts.refusals import LinkOver
from services.portal.accounts.repositories import account_repository, invitation_repository
from services.portal.accounts.taken_addresses import TakenAddresses
from services.portal.pages.language import _
from shared.auth.policy import Role
from shared.clock import Clock, machine_ms
from shared.faults import Conflict, Flaw, Invalid
from shared.ports.store import Range, Store, Where
from shared.storage.repository import Versioned, VersionedPage
from shared.storage.steps import without_event
from shared.storage.stored import Fingerprint

PURPOSE = "invitation"

log = structlog.get_logger("portal")


@dataclass(frozen=True)
class NewInvitation:
    """Who is invited, to what, and by whom (an account's id, or a command)."""

    name: str
    email: str
    role: Role
    region: str | None
    agencies: tuple[str, ...]
    by: str


@dataclass(frozen=True)
class Invited:
    """link: None when it cannot be told any more: the invitation is over, or the key has changed."""

    invitation: Versioned[Invitation]
    link: str | None


class Inviting:
    """sends_mail: whether there is a server for mails; woken: called when one is due."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        taken: TakenAddresses,
        passwords: Passwords,
        *,
        codes: Codes,
        links: Links,
        sends_mail: bool,
        woken: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._accounts = account_repository(store)
        self._invitations = invitation_repository(store)
        self._taken = taken
        self._passwords = passwords
        self._codes = codes
        self._links = links
        self.sends_mail = sends_mail
        self._woken = woken

    async def create(self, id: str, new: NewInvitation, fingerprint: Fingerprint) -> Invited:
        """An equal request's invitation if there is one. Raises Invalid, AddressTaken, KeyReused, Misconfigured."""
        made = await self._invitations.repeated(id, fingerprint)
        if made is None:
            if flaws := scope_flaws(new.role, new.region, new.agencies):
                raise Invalid(flaws)
            await self._taken.require_free(new.email, id)
            now = machine_ms()
            invitation = Invitation(
                created_by_body=fingerprint.sent,
                name=new.name,
                email=new.email,
                role=new.role,
                region=new.region,
                agencies=tuple(sorted(set(new.agencies))),
                digest=digest_of(self._codes.code(PURPOSE, id, 1).secret),
                until=until_of(now),
                mail=MailDue.at(now) if self.sends_mail else MailDue(),
                by=new.by,
                turned_by=new.by,
                created_at=self._clock.now(),
            )
            made = await self._invitations.create(id, invitation, fingerprint=fingerprint)
            self._woken()
        return Invited(made, self._link_of(made))

    async def page(self, region: str | None, *, limit: int, after: str | None) -> VersionedPage[Invitation]:
        """The open invitations of a region, None: of all; also those that have run out of time."""
        where: Where = {"status": InvitationStatus.OPEN.value}
        if region is not None:
            where = {"region": region, **where}
        return await self._invitations.list(where, limit=limit, after=after)

    async def get(self, id: str) -> Versioned[Invitation]:
        """Raises NotFound."""
        return await self._invitations.get(id)

    async def renew(self, id: str, by: str, expected: int | None = None) -> Invited:
        """Another link; the former one is over. by: an account or a command. Raises NotFound, Stale, and Conflict when
        it is not open."""
        found = await self._invitations.get(id)
        await self._taken.require_free(found.value.email, id)
        now = machine_ms()

        def step(before: Invitation) -> Invitation | None:
            code = self._codes.code(PURPOSE, id, before.turn + 1)
            after = before.renewed(digest_of(code.secret), now, by, mail=self.sends_mail)
            if after is None:
                raise Conflict(_("Undangan ini sudah diterima atau dibatalkan."))
            return after

        renewed = await self._invitations.amend(id, expected, without_event(step))
        self._woken()
        return Invited(renewed, self._link_of(renewed))

    async def revoke(self, id: str, expected: int | None = None) -> Versioned[Invitation]:
        """Its link is over. Raises NotFound, Stale, Conflict when it was accepted."""

        def step(before: Invitation) -> Invitation | None:
            if before.status is InvitationStatus.ACCEPTED:
                raise Conflict(_("Undangan ini sudah diterima; tutup akunnya bila perlu."))
            return before.revoked()

        return await self._invitations.amend(id, expected, without_event(step))

    async def opened(self, code: str) -> Versioned[Invitation]:
        """The open invitation of a link. Raises LinkOver."""
        parsed = Code.parse(code)
        found = await self._invitations.find(parsed.id) if parsed else None
        if parsed is None or found is None or not found.value.is_open(machine_ms()):
            raise LinkOver
        if not parsed.fits(found.value.digest):
            raise LinkOver
        return found

    async def accept(self, code: str, name: str, password: str) -> Versioned[Account]:
        """The account. Raises LinkOver, Invalid, AddressTaken, Busy."""
        found = await self.opened(code)
        if (wrong := flaw(password, email=found.value.email, name=name)) is not None:
            raise Invalid([Flaw("password", "weak", wrong)])
        hash = await self._passwords.hash(password)
        await self._taken.take(found.value.email, found.id)
        account = await self._accounts.create(found.id, found.value.account(name, hash, self._clock.now()))
        await self._invitations.amend(found.id, None, without_event(Invitation.accepted))
        log.info("portal.invitation_accepted", account=found.id)
        return account

    def told(self, found: Versioned[Invitation], account: str) -> str | None:
        """The link, for whoever has just made it; None for everybody else."""
        return self._link_of(found) if found.value.is_told(account, machine_ms()) else None

    async def purge(self, before: int) -> int:
        """Erase what ended before that machine millisecond; how many."""
        ids = [row.id async for row in self._store.scan(INVITATION.name, {"until": Range(below=before)}, ())]
        for id in ids:
            await self._store.erase(INVITATION.name, id)
        return len(ids)

    def _link_of(self, found: Versioned[Invitation]) -> str | None:
        code = self._codes.code(PURPOSE, found.id, found.value.turn)
        usable = found.value.is_open(machine_ms()) and code.fits(found.value.digest)
        return self._links.invitation(code) if usable else None
