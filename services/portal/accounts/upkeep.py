"""Erases what need not be kept: sessions and links whose time is over, locks, and ended invitations."""

from __future__ import annotations

from datetime import timedelta

from services.portal.accounts.invitation import KEPT
from services.portal.accounts.inviting import Inviting
from services.portal.accounts.kinds import LOCK
from services.portal.accounts.proofs.lock import FORGOTTEN
from services.portal.accounts.resetting import Resetting
from services.portal.accounts.sessions import Sessions
from shared.clock import machine_ms
from shared.ports.store import Range, Store

EVERY = 3600.0  # seconds
_MILLISECOND = timedelta(milliseconds=1)


class Upkeep:
    """Runs as a loop."""

    def __init__(self, store: Store, sessions: Sessions, inviting: Inviting, resetting: Resetting) -> None:
        self._store = store
        self._sessions = sessions
        self._inviting = inviting
        self._resetting = resetting

    async def run(self) -> None:
        """Once. Raises StoreAway."""
        await self._sessions.purge()
        await self._resetting.purge()
        await self._inviting.purge(machine_ms() - KEPT // _MILLISECOND)
        oldest = machine_ms() - FORGOTTEN // _MILLISECOND
        ids = [row.id async for row in self._store.scan(LOCK.name, {"at": Range(below=oldest)}, ())]
        for id in ids:
            await self._store.erase(LOCK.name, id)
