"""What of the documents of accounts belongs to one region. Operators' accounts belong to none and stay."""

from __future__ import annotations

from services.portal.accounts.kinds import ACCOUNT, ADDRESS, INVITATION, LOCK, RESET, SESSION
from shared.ports.store import ID
from shared.runtime.regional import RegionalKind

REGIONAL = (
    RegionalKind(ACCOUNT.name),
    RegionalKind(ADDRESS.name, "account", owner=ACCOUNT.name),
    RegionalKind(INVITATION.name),
    RegionalKind(SESSION.name, "account", owner=ACCOUNT.name, moves=False),
    RegionalKind(RESET.name, ID, owner=ACCOUNT.name, moves=False),
)
STAYS = (LOCK.name,)
