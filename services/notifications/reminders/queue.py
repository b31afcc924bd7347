"""What the next sweep must look at, besides the obligations whose day has come. Only in memory: a process begins with
everything."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field


@dataclass
class Woken:
    """agencies: ids; regions: codes of those whose own people to look at; everything: all regions."""

    agencies: set[str] = field(default_factory=set)
    regions: set[str] = field(default_factory=set)
    everything: bool = False

    def __bool__(self) -> bool:
        """Whether there is anything to look at."""
        return bool(self.agencies or self.regions or self.everything)

    def add(self, other: Woken) -> None:
        """Add what another names."""
        self.agencies |= other.agencies
        self.regions |= other.regions
        self.everything |= other.everything


class SweepQueue:
    """Collects agencies and regions until a sweep drains them. Waking is cheap, repeatable and never blocks; what is
    woken twice is looked at once. Not safe for several threads.

    event: set while there is something to look at; the loop may wait for it.
    """

    def __init__(self) -> None:
        """Everything is to be looked at: a process does not know what happened before it started."""
        self.event = asyncio.Event()
        self._woken = Woken(everything=True)
        self.event.set()

    def wake_agency(self, id: str) -> None:
        """Look at this agency's obligations, innovations and contacts: one of them has changed."""
        self._add(Woken(agencies={id}))

    def wake_region(self, code: str) -> None:
        """Look at the region's own people, curators and executives: one of them, or what they are told, has changed."""
        self._add(Woken(regions={code}))

    def wake_all(self) -> None:
        """Look at everything: a mode or a hold has changed."""
        self._add(Woken(everything=True))

    def nudge(self) -> None:
        """Look now: an obligation or an innovation was marked in the store."""
        self.event.set()

    def put_back(self, woken: Woken) -> None:
        """Look again at what a failed sweep had drained."""
        self._add(woken)

    def drain(self) -> Woken:
        """What is to be looked at now. The queue is empty afterwards."""
        woken, self._woken = self._woken, Woken()
        self.event.clear()
        return woken

    def _add(self, woken: Woken) -> None:
        self._woken.add(woken)
        if self._woken:
            self.event.set()
