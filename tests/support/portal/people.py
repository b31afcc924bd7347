"""People of the browser tests' region, with invitations and passwords of their own."""

from __future__ import annotations

from uuid import uuid4

from services.portal.accounts.application import Accounts
from services.portal.accounts.inviting import NewInvitation
from shared.auth.policy import Role
from shared.storage.stored import Fingerprint
from tests.support.portal.process import PortalProcess

PASSWORD = "kuda-biru-terbang-rendah"


def accounts_of(portal: PortalProcess) -> Accounts:
    """The parts of accounts over the store of the process."""
    assert portal.running is not None
    made = Accounts(portal.running.resources["portal"])
    made.links.listening(portal.url)
    return made


def invited(portal: PortalProcess, role: Role = Role.EXECUTIVE, agencies: tuple[str, ...] = ()) -> tuple[str, str]:
    """A new invitation: the address and the path of its link."""
    id, region = str(uuid4()), None if role is Role.OPERATOR else portal.told.code
    email = f"{id[:8]}@contoh.example"
    new = NewInvitation("Siti Aminah", email, role, region, agencies, "test")
    made = portal.do(accounts_of(portal).inviting.create(id, new, Fingerprint(id, id)))
    assert made.link is not None
    return email, made.link.removeprefix(portal.url)
