"""Looking on: every event as it passes, for `satu events tail`. No consumer of its own is slowed, nothing is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol, runtime_checkable


@runtime_checkable
class Tailing(Protocol):
    """What a bus adapter offers besides `shared.bus.Bus` so that one can look on."""

    def tail(self) -> AsyncIterator[bytes]:
        """The bytes of every event published from now on, in the order in which the bus took them. Ends only when the
        caller leaves off (`aclose`). A reader that is too slow loses the oldest. Raises BusAway when the bus goes away;
        what passes until it is asked again is not seen."""
