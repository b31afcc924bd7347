"""Sessions and tokens without accounts: a cookie's value names a role, and each role is one person."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from services.portal.pages.session import SignedIn
from shared.auth.keys import Grant
from shared.auth.policy import Role

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


class StandInSessions:
    """The cookie `curator` is the curator's session. people: changed by tests as they like."""

    def __init__(self) -> None:
        self.people = {role.value: person(role) for role in NAMES}

    async def of(self, cookie: str | None) -> SignedIn | None:
        """As `services.portal.pages.session.Sessions`."""
        return self.people.get(cookie or "")


class StandInTokens:
    """Tokens of the same people, made by the operator's key."""

    def __init__(self, sessions: StandInSessions, issue: Callable[[Grant], str]) -> None:
        self._sessions = sessions
        self._issue = issue

    async def token_for(self, session: str) -> str:
        """As `services.portal.owners.client.Tokens`; an operator of the portal has none."""
        who = next(each for each in self._sessions.people.values() if each.session == session)
        if who.role is Role.OPERATOR:
            return ""
        return self._issue(Grant(who.account, who.role, who.region, who.agencies))
