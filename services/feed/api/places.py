"""How many callers may wait for events at once: streams, and polls that found nothing and wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from shared.faults import QuotaSpent

PER_ACCOUNT = 4
PER_PROCESS = 300

_RETRY_AFTER = 30  # seconds: a poll lasts no longer


class WaitingPlaces:
    """The places of one process."""

    def __init__(self, per_account: int = PER_ACCOUNT, per_process: int = PER_PROCESS) -> None:
        self._per_account = per_account
        self._per_process = per_process
        self._held: Counter[str] = Counter()

    @property
    def held(self) -> int:
        """How many callers wait now."""
        return self._held.total()

    @contextmanager
    def hold(self, account: str) -> Iterator[None]:
        """Hold a place while the block runs. Raises QuotaSpent when the account or the process has no more."""
        if self._held[account] >= self._per_account:
            raise QuotaSpent(
                f"Akun ini sudah menunggu di {self._per_account} sambungan, yang terbanyak untuk satu akun.",
                retry_after=_RETRY_AFTER,
            )
        if self.held >= self._per_process:
            raise QuotaSpent("Terlalu banyak sistem sedang menunggu; coba lagi nanti.", retry_after=_RETRY_AFTER)
        self._held[account] += 1
        try:
            yield
        finally:
            self._held[account] -= 1
            if not self._held[account]:
                del self._held[account]
