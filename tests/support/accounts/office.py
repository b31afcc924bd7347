"""The parts of accounts over a store, with a mailbox instead of a server for mails, and people in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from services.portal.accounts.account import Account
from services.portal.accounts.application import Accounts
from services.portal.accounts.inviting import Invited, NewInvitation
from services.portal.accounts.mail.letter import Letter
from services.portal.accounts.mail.sender import Handed
from services.portal.accounts.signing_in import Client
from shared.auth.policy import Role
from shared.clock import Clock
from shared.ports.store import Store
from shared.runtime.service import Resources
from shared.settings import load
from shared.storage.repository import Versioned
from shared.storage.stored import Fingerprint

PASSWORD = "kuda-biru-terbang-rendah"
ANOTHER = "payung-merah-di-pasar"
REGION = "61.12"
AGENCY = "0b8f3f0e-6f0c-5b1e-9b1c-2f8d7c1a4e55"
HERE = Client("203.0.113.7", "Firefox, Linux")
_numbers = count(1)


@dataclass
class Mailbox:
    """A `Mailer`. answers: what the next hand-overs become, then all are accepted."""

    letters: list[Letter] = field(default_factory=list)
    answers: list[Handed] = field(default_factory=list)

    async def hand_over(self, letter: Letter) -> Handed:
        """As of a server."""
        self.letters.append(letter)
        return self.answers.pop(0) if self.answers else Handed.ACCEPTED


def accounts_over(store: Store, data: Path, mailbox: Mailbox | None = None, **variables: str) -> Accounts:
    """All parts; without a mailbox links are shown."""
    settings = load({"PORTAL_URL": "https://inovasi.example", **variables}, data_dir=data)
    missing: Any = None  # accounts use neither files nor a bus
    accounts = Accounts(Resources(store, missing, missing, Clock(), settings), mailbox)
    accounts.key.prepare()
    return accounts


async def invite(
    accounts: Accounts, email: str, role: Role = Role.CURATOR, region: str | None = REGION, id: str | None = None
) -> Invited:
    """An invitation."""
    agencies = (AGENCY,) if role is Role.AGENCY else ()
    id = id or f"invited-{next(_numbers)}"
    new = NewInvitation("Siti Aminah", email, role, None if role is Role.OPERATOR else region, agencies, "op")
    return await accounts.inviting.create(id, new, Fingerprint(id, id))


async def person(
    accounts: Accounts, email: str = "siti@dinas.example", role: Role = Role.CURATOR, region: str | None = REGION
) -> Versioned[Account]:
    """An account with PASSWORD."""
    invited = await invite(accounts, email, role, region)
    link = invited.link
    assert link is not None
    return await accounts.inviting.accept(code_in(link), "Siti Aminah", PASSWORD)


def code_in(link: str) -> str:
    """The code of a link."""
    return parse_qs(urlsplit(link).query)["kode"][0]
