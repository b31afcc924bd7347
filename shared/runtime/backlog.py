"""Whether a backlog grows: in the last minute more came than was taken."""

from __future__ import annotations

from collections import deque

from shared.clock import machine_seconds

WINDOW = 60.0  # seconds


class Backlog:
    """The depths of one queue or outbox, as they were measured during the last minute."""

    def __init__(self) -> None:
        """Nothing is measured yet."""
        self._depths: deque[tuple[float, int]] = deque()  # machine seconds -> depth, oldest first

    def grows(self, depth: int) -> bool:
        """Note the present depth. True when it is greater than a minute ago, or than at the first measurement of a
        shorter history: then fewer were taken than accepted."""
        now = machine_seconds()
        self._depths.append((now, depth))
        while len(self._depths) > 1 and self._depths[1][0] <= now - WINDOW:
            self._depths.popleft()
        return depth > self._depths[0][1]
