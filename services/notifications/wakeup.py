"""A bell: somebody changed what a loop asks about."""

from __future__ import annotations

from collections.abc import Callable


class Bell:
    """Within one process; what happens elsewhere is seen at the loop's own pace."""

    def __init__(self) -> None:
        self._hearers: list[Callable[[], None]] = []
        self.rung = True

    def heard_by(self, hearer: Callable[[], None]) -> None:
        """Call `hearer` whenever the bell rings."""
        self._hearers.append(hearer)

    def ring(self) -> None:
        """Something changed that the loop asks about."""
        self.rung = True
        for hearer in self._hearers:
            hearer()
