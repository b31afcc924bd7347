"""A bell that makes the next run of a loop begin at once."""

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

    def answered(self) -> bool:
        """Whether it rang since the last answer."""
        rung, self.rung = self.rung, False
        return rung
