"""Sends the mails that invitations and links owe. Each is sent once, but for a crash between the hand-over and the note
of it: then once more, with the same Message-ID."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

import structlog

from services.portal.accounts.invitation import Invitation
from services.portal.accounts.links import Links
from services.portal.accounts.mail.due import MailDue, MailState
from services.portal.accounts.mail.letter import Letter, invitation_letter, reset_letter
from services.portal.accounts.proofs.codes import Code, Codes, digest_of
from services.portal.accounts.repositories import account_repository, invitation_repository, reset_repository
from services.portal.accounts.reset import Reset
from shared.clock import machine_ms
from shared.ports.store import Range, Store
from shared.storage.models import replaced
from shared.storage.repository import Repository, Versioned
from shared.storage.steps import without_event

EVERY = 10.0  # seconds between two looks for mails that are due
_AT_ONCE = 50
_LEASE = 120_000  # milliseconds; longer than a hand-over may take

log = structlog.get_logger("portal")


class Handed(StrEnum):
    """What became of a hand-over. AWAY: try again later; REFUSED: for good."""

    ACCEPTED = "accepted"
    AWAY = "away"
    REFUSED = "refused"


class Mailer(Protocol):
    """A server for mails."""

    async def hand_over(self, letter: Letter) -> Handed:
        """Hand over, and wait for the answer. Raises nothing."""


Owner = TypeVar("Owner", Invitation, Reset)


@dataclass(frozen=True)
class _Source(Generic[Owner]):
    """Documents of one kind that owe mails. letter: id, the document and its code → the mail; None: there is nobody to
    write to any more."""

    purpose: str
    documents: Repository[Owner]
    letter: Callable[[str, Owner, Code], Awaitable[Letter | None]]


class MailSender:
    """Runs as a loop. mailer: None: there is no server, and nothing is owed."""

    def __init__(self, store: Store, codes: Codes, links: Links, mailer: Mailer | None) -> None:
        self._codes = codes
        self._links = links
        self._mailer = mailer
        self._accounts = account_repository(store)
        self._invitations = _Source("invitation", invitation_repository(store), self._of_invitation)
        self._resets = _Source("reset", reset_repository(store), self._of_reset)

    async def run(self) -> None:
        """Send what is due. Raises StoreAway."""
        if self._mailer is not None:
            await self._send(self._mailer, self._invitations)
            await self._send(self._mailer, self._resets)

    async def _send(self, mailer: Mailer, source: _Source[Owner]) -> None:
        due = {"mail.due": Range(most=machine_ms())}
        page = await source.documents.list(due, limit=_AT_ONCE, after=None)
        for each in page.items:
            claimed = await self._claim(source, each)
            if claimed is None:
                continue
            handed = await self._hand_over(mailer, source, claimed)
            await self._note(source, claimed, handed)

    async def _claim(self, source: _Source[Owner], found: Versioned[Owner]) -> Versioned[Owner] | None:
        """Take the mail for this process, by moving its time; None: another one has it. The digest follows the code,
        should the key have changed since the link was made."""
        now = machine_ms()
        digest = digest_of(self._codes.code(source.purpose, found.id, found.value.turn).secret)

        def step(before: Owner) -> Owner | None:
            if before.mail.due is None or before.mail.due > now or before.turn != found.value.turn:
                return None
            leased = replaced(before.mail, due=now + _LEASE)
            return replaced(before, mail=leased, digest=digest)

        claimed = await source.documents.amend(found.id, None, without_event(step))
        return claimed if claimed.changed else None

    async def _hand_over(self, mailer: Mailer, source: _Source[Owner], claimed: Versioned[Owner]) -> Handed:
        code = self._codes.code(source.purpose, claimed.id, claimed.value.turn)
        letter = await source.letter(claimed.id, claimed.value, code)
        if letter is None:
            return Handed.REFUSED
        handed = await mailer.hand_over(letter)
        log.info("portal.mail", purpose=source.purpose, id=claimed.id, result=handed.value)
        return handed

    async def _note(self, source: _Source[Owner], claimed: Versioned[Owner], handed: Handed) -> None:
        now = machine_ms()

        def step(before: Owner) -> Owner | None:
            if before.turn != claimed.value.turn or before.mail.state is not MailState.WAITING:
                return None
            return replaced(before, mail=_after(before.mail, handed, now))

        await source.documents.amend(claimed.id, None, without_event(step))

    async def _of_invitation(self, id: str, invitation: Invitation, code: Code) -> Letter | None:
        if not invitation.is_open(machine_ms()):
            return None
        message = f"{id}.{invitation.turn}"
        return invitation_letter(invitation.email, invitation.name, self._links.invitation(code), message)

    async def _of_reset(self, id: str, reset: Reset, code: Code) -> Letter | None:
        account = await self._accounts.find(id)
        if account is None or not account.value.is_active or not reset.is_open(machine_ms()):
            return None
        message = f"{id}.{reset.turn}.r"
        return reset_letter(account.value.email, account.value.name, self._links.reset(code), message)


def _after(mail: MailDue, handed: Handed, now: int) -> MailDue:
    if handed is Handed.AWAY:
        return mail.away(now)
    return mail.sent() if handed is Handed.ACCEPTED else mail.refused()
