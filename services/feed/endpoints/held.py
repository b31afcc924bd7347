"""The progress of an endpoint while this process holds its lease."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from services.feed.endpoints.progress import Progress
from shared.clock import machine_ms
from shared.storage.repository import Repository, Versioned
from shared.storage.steps import without_event

_ENOUGH = 20_000  # milliseconds


class LeaseLost(Exception):
    """Another process has taken the lease: this one must not move the cursor."""


@dataclass
class Held:
    """known: as it was stored last; token: of the lease."""

    progresses: Repository[Progress]
    known: Versioned[Progress]
    token: str

    @property
    def progress(self) -> Progress:
        """As it was stored last."""
        return self.known.value

    async def move(self, step: Callable[[Progress], Progress]) -> None:
        """Change it and begin the lease anew. Raises LeaseLost."""
        now = machine_ms()
        await self._change(lambda before: step(before).leased(self.token, now))
        if not self.progress.is_held(self.token):
            raise LeaseLost

    async def renew(self) -> None:
        """Make sure that the lease lasts longer than a hand-over with all its limits. Raises LeaseLost."""
        lease = self.progress.lease
        if lease is None or lease.until - machine_ms() < _ENOUGH:
            await self.move(lambda before: before)

    async def release(self) -> None:
        """Give the lease back, unless another holds it."""
        await self._change(Progress.released)

    async def _change(self, step: Callable[[Progress], Progress]) -> None:
        def decide(before: Progress) -> Progress | None:
            return step(before) if before.is_held(self.token) else None

        self.known = await self.progresses.amend(self.known.id, None, without_event(decide), known=self.known)


async def hold(progresses: Repository[Progress], id: str) -> Held | None:
    """Take the lease of an endpoint; None: another process has it."""
    token, now = str(uuid4()), machine_ms()

    def take(before: Progress | None) -> Progress | None:
        before = before or Progress()
        return before.leased(token, now) if before.is_free(now) else None

    found = await progresses.change(id, without_event(take))
    return Held(progresses, found, token) if found.value.is_held(token) else None
