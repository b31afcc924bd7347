"""Tells whether a bounded queue may have been dropping its oldest messages.

The broker tells a service neither that it has dropped, nor how large a queue is. A queue that is being read is soon
below its bound, so one that is nearly full counts as full; its size is judged by the messages last taken from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.contracts.topology import BOUNDED_BYTES

_NEARLY = 0.9  # of the messages that it may hold
_HALF = 0.5  # of its size, which is an estimate
_MEMORY = 500  # messages over which the mean size is taken


@dataclass
class Fullness:
    """Of one bounded queue. most: messages that it may hold; mean: bytes of a message, 0 before the first one."""

    most: int
    mean: float = 0.0

    def took(self, size: int) -> None:
        """Note the size of a message that was taken from the queue."""
        self.mean += (size - self.mean) / _MEMORY if self.mean else size

    def is_full(self, ready: int) -> bool:
        """Whether a queue with so many messages may have dropped some."""
        return ready >= _NEARLY * self.most or ready * self.mean >= _HALF * BOUNDED_BYTES
