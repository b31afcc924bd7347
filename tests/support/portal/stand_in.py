"""People for tests: sessions without accounts, in which a cookie's value names a role, and real ones."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import uuid4

from services.portal.accounts.account import Account
from services.portal.accounts.repositories import account_repository
from services.portal.accounts.session import Step
from services.portal.accounts.sessions import Sessions
from services.portal.pages.session import SignedIn
from shared.auth.policy import Role
from shared.runtime.service import Resources

AGENCY = "7b1c9a54-0000-4000-8000-000000000001"
REGION = "61.12"
NAMES: Mapping[Role, str] = {
    Role.AGENCY: "Siti Aminah (contoh)",
    Role.CURATOR: "Kurator (contoh)",
    Role.EXECUTIVE: "Sekretaris Daerah (contoh)",
    Role.OPERATOR: "Pengelola (contoh)",
}


def person(role: Role, region: str = REGION, agencies: tuple[str, ...] = (AGENCY,)) -> SignedIn:
    """The only person of a role."""
    return SignedIn(
        session=f"session-{role}",
        account=f"account-{role}",
        name=NAMES[role],
        role=role,
        region=None if role is Role.OPERATOR else region,
        agencies=agencies if role is Role.AGENCY else (),
        csrf=f"secret-of-{role}",
    )


async def signed_in(resources: Resources, role: Role, agencies: tuple[str, ...] = (AGENCY,), name: str = "") -> str:
    """The cookie of a real session of a new account. It has no password, so nobody signs in by the form."""
    who = person(role, agencies=agencies)
    account = Account(
        name=name or who.name,
        email=f"{role}@contoh.example",
        role=role,
        region=who.region,
        agencies=who.agencies,
        password="",
        created_at=resources.clock.now(),
        by="test",
    )
    made = await account_repository(resources.store).create(str(uuid4()), account)
    return await Sessions(resources.store).begin(made, Step.OPEN, device="Chrome, Linux")


class StandInSessions:
    """The cookie `curator` is the curator's session. people: changed by tests as they like."""

    def __init__(self) -> None:
        self.people = {role.value: person(role) for role in NAMES}

    async def of(self, cookie: str | None) -> SignedIn | None:
        """As `services.portal.pages.session.Sessions`."""
        return self.people.get(cookie or "")
