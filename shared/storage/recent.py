"""Copies that were read a moment ago, for facts of which a moment does not matter."""

from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import BaseModel

from shared.clock import machine_seconds
from shared.storage.copies import Copies, Copy

M = TypeVar("M", bound=BaseModel)


class RecentCopies(Generic[M]):
    """Reads of one kind's copies that are good for some time. That there is none is asked each time."""

    def __init__(self, copies: Copies[M], seconds: float) -> None:
        """seconds: how long a copy that was read is given again, although others may have stored a newer one."""
        self._copies = copies
        self._seconds = seconds
        self._read: dict[str, tuple[Copy[M], float]] = {}

    async def get(self, id: str) -> Copy[M] | None:
        """The newest copy, or the one that was the newest `seconds` ago; never an older one than was `kept`. Raises
        StoreAway."""
        read = self._read.get(id)
        began = machine_seconds()
        if read is not None and began < read[1]:
            return read[0]
        found = await self._copies.get(id)
        return None if found is None else self._newest(id, found, began)

    def kept(self, id: str, copy: Copy[M]) -> None:
        """Give no older copy than this one, which is stored now."""
        self._newest(id, copy, machine_seconds())

    def _newest(self, id: str, copy: Copy[M], began: float) -> Copy[M]:
        read = self._read.get(id)
        if read is not None and read[0].sequence > copy.sequence:
            return read[0]
        self._read[id] = copy, began + self._seconds
        return copy
