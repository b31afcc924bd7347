"""The tokens with which the portal speaks for a person to the other services (design §8): valid for five minutes, kept
for four. A session that has ended gets none, because each call looks."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta

from services.portal.accounts.key import PortalKey
from services.portal.accounts.sessions import Sessions
from shared.auth import keys
from shared.auth.issuers import PORTAL
from shared.clock import machine_ms
from shared.faults import Forbidden, Unauthenticated

VALID_FOR = timedelta(minutes=5)
KEPT_FOR = timedelta(minutes=4)
_MOST = 5_000  # that are kept
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class _Kept:
    """version: of the account, whose role and agencies it names; until: machine milliseconds."""

    token: str
    version: int
    until: int


class Tokens:
    """In the memory of this process alone."""

    def __init__(self, sessions: Sessions, key: PortalKey) -> None:
        self._sessions = sessions
        self._key = key
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    async def token_for(self, session: str) -> str:
        """A token of the person whose session it is, by the session's id. Raises Unauthenticated when it is over,
        Forbidden for an operator of the portal, Misconfigured, StoreAway."""
        account = await self._sessions.account_of(session)
        if account is None:
            self._kept.pop(session, None)
            raise Unauthenticated("Sesi sudah berakhir.")
        if account.value.role not in PORTAL.roles:
            raise Forbidden("Akun operator portal tidak berwenang pada layanan lain.")
        now = machine_ms()
        kept = self._kept.get(session)
        if kept is None or kept.version != account.sequence or now >= kept.until:
            token = keys.signed(self._key.load(), PORTAL, account.value.grant(account.id), VALID_FOR)
            kept = _Kept(token, account.sequence, now + KEPT_FOR // _MILLISECOND)
            self._kept[session] = kept
            self._kept.move_to_end(session)
            if len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return kept.token
