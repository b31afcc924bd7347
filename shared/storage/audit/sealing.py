"""Seals the days that are over, one after the other.

A day is closed first, which is when the relay puts no further entry on it, and sealed when nothing of it is owed: any
move that was under way when it was closed has ended then. Several processes may seal at once: they find the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from shared.clock import Clock
from shared.ports.audit import OPEN_FOR, SEAL, next_day
from shared.ports.store import AUDIT, Decision, State, Store
from shared.storage.audit.log import AuditFilter, AuditLog
from shared.storage.audit.seal import Digest, Seal, SealStatus

SEAL_EVERY = 600.0  # seconds between two looks

_MARGIN = timedelta(minutes=1)  # from the time in an entry to the time since when it is owed

log = structlog.get_logger("audit")


class Sealing:
    """For one service."""

    def __init__(self, store: Store, now: Callable[[], datetime] = Clock.machine) -> None:
        """now: machine time."""
        self._store = store
        self._now = now
        self._log = AuditLog(store)

    async def run(self) -> None:
        """Seal every day that can be. Raises StoreAway."""
        while (day := await self._next()) is not None:
            if not await self._seal(*day):
                return

    async def _next(self) -> tuple[str, str] | None:
        """The next day to seal, and the digest of the one before; None when it is not over."""
        last = await self._log.last_seal()
        if last is not None and last[1].status is SealStatus.CLOSED:
            return last[0], last[1].before
        day, before = await self._log.first_day() if last is None else next_day(last[0]), last[1].sha256 if last else ""
        return None if day is None or _end(day) + OPEN_FOR > self._now() else (day, before)

    async def _seal(self, day: str, before: str) -> bool:
        """Whether it is sealed; if not, something of it is owed."""
        if not await self._is_settled(day):
            return False
        await self._store.change(SEAL.name, day, _unless_there(Seal(status=SealStatus.CLOSED, before=before)))
        if not await self._is_settled(day):
            return False
        digest = Digest(before, day)
        async for entry in self._log.entries(AuditFilter(day, day)):
            digest.add(entry.text)
        sealed = Seal(
            status=SealStatus.SEALED,
            before=before,
            entries=digest.entries,
            sha256=digest.hex(),
            sealed_at=self._now(),
        )
        await self._store.change(SEAL.name, day, _unless_sealed(sealed))
        log.info("audit.sealed", day=day, entries=digest.entries, sha256=digest.hex())
        return True

    async def _is_settled(self, day: str) -> bool:
        """Whether no entry of the day is owed."""
        oldest = await self._store.oldest_owed(of=AUDIT)
        return oldest is None or oldest > _end(day) + _MARGIN


def _end(day: str) -> datetime:
    return datetime.fromisoformat(next_day(day)).replace(tzinfo=UTC)


def _unless_there(seal: Seal) -> Callable[[State | None], Decision]:
    return lambda state: (seal.model_dump(mode="json"), None) if state is None else None


def _unless_sealed(seal: Seal) -> Callable[[State | None], Decision]:
    def decide(state: State | None) -> Decision:
        if state is not None and state["status"] == SealStatus.SEALED:
            return None
        return seal.model_dump(mode="json"), None

    return decide
