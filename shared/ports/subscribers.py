"""The subscribers port: other systems that read events from a queue of their own on the broker.

Adapter: `shared/adapters/rabbit/subscribers.py`. The broker is the only record of them. The embedded bus has
none: there, other systems read the feed over HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from shared.contracts.topology import Topology


@dataclass(frozen=True)
class SubscriberState:
    """What the broker knows of a subscriber. Its figures may be some seconds old.

    subjects: the kinds of subject that it gets, sorted; region, province: those that it is limited to, or empty; ready:
    messages that wait; unacked: messages that it was given and has not acked; consumers: its open ones; full: so many
    messages wait that the next one drops the oldest (a queue cannot tell that it dropped some earlier); paused: it may
    not read; incomplete: its queue or its user is missing.
    """

    name: str
    subjects: tuple[str, ...] = ()
    region: str = ""
    province: str = ""
    ready: int = 0
    unacked: int = 0
    consumers: int = 0
    full: bool = False
    paused: bool = False
    incomplete: bool = False

    @property
    def scope(self) -> str:
        """What it gets, for people: `innovation, obligation of region 61.12`."""
        where = f" of region {self.region}" if self.region else ""
        where = f" of province {self.province}" if self.province else where
        return f"{', '.join(self.subjects) or 'nothing'}{where}"

    @property
    def figures(self) -> str:
        """How it does, for people: `12 ready, 3 unacked, 1 consumers, paused`."""
        words = [f"{self.ready} ready", f"{self.unacked} unacked", f"{self.consumers} consumers"]
        flags = {"full: it drops its oldest": self.full, "paused": self.paused, "incomplete": self.incomplete}
        return ", ".join([*words, *(word for word, holds in flags.items() if holds)])


class Subscribers(Protocol):
    """Creates, lists and ends subscribers. All methods raise BusAway when the broker does not answer or refuses; those
    that take a name raise NotFound for one that there is not."""

    async def add(self, wanted: Topology, password: str) -> None:
        """Create the queue, the bindings and the user of `wanted`, which `contracts.topology.subscriber` has made.
        Raises Conflict when there is a subscriber of that name, Misconfigured when the broker has no topology yet."""

    async def all(self) -> list[SubscriberState]:
        """All subscribers by name, also those of which only a part is there."""

    async def rotate(self, name: str, password: str) -> int:
        """Replace the password, then close the connections that were opened with the former one; their number."""

    async def pause(self, name: str) -> int:
        """Allow no reading any more, and close the connections; their number. The queue stays, and goes on to fill."""

    async def resume(self, name: str) -> None:
        """Allow reading again."""

    async def remove(self, name: str) -> int:
        """Delete user, connections and queue, whatever of them is there; the number of connections closed."""
