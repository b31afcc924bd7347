"""An outbox in memory that hands over what this process writes, leased with the write."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.clock import machine_ms
from shared.faults import StoreAway
from shared.ports.store import Owed, OwedEvent, State
from tests.support.events import AGENCY


@dataclass
class Owing:
    """A document. leased: its token and the end of its lease in ms."""

    events: list[OwedEvent] = field(default_factory=list)
    leased: tuple[str, int] = ("", 0)


class MemoryOutbox:
    """See `shared.ports.store.Outbox`. claims: how often it was asked; away: settling fails."""

    def __init__(self) -> None:
        self.documents: dict[str, Owing] = {}
        self.claims = 0
        self.away = False
        self.handing_over: list[bool] = []  # whether it does, each time that this was changed
        self._to: Callable[[Owed], None] | None = None
        self._lease = timedelta()
        self._nudge: Callable[[], None] = lambda: None
        self._numbers = itertools.count(1)

    def write(self, id: str, *, type: str = AGENCY, elsewhere: bool = False) -> str:
        """A change that owes an event; its id. elsewhere: another process makes it."""
        event = OwedEvent(f"agency/{id}/{next(self._numbers):016d}", type, b"{}", "61.12")
        document = self.documents.setdefault(id, Owing())
        document.events.append(event)
        if elsewhere:
            return event.id
        if self._to is None:
            self._nudge()
        else:
            self._to(self._leased(id, self._lease, (event,)))
        return event.id

    async def claim_owed(self, limit: int, lease: timedelta, *, of: str | None = None) -> list[Owed]:
        self.claims += 1
        owing = {id: each for id, each in self.documents.items() if {of} & {None, *(one.type for one in each.events)}}
        free = [id for id, each in owing.items() if each.events and each.leased[1] <= machine_ms()]
        return [self._leased(id, lease, tuple(self.documents[id].events)) for id in free[:limit]]

    async def settle(self, owed: Owed, event_ids: Sequence[str]) -> None:
        await self.settle_many([(owed, event_ids)])

    async def settle_many(
        self, settled: Sequence[tuple[Owed, Sequence[str]]], *, keeping: Mapping[str, State] | None = None
    ) -> None:
        assert keeping is None
        if self.away:
            raise StoreAway("no answer")
        for owed, ids in settled:
            document = self.documents[owed.id]
            document.events = [each for each in document.events if each.id not in ids]
            if document.leased[0] == owed.token:
                document.leased = ("", 0)
            if document.events:
                self._nudge()

    async def keep(self, kind: str, states: Mapping[str, State]) -> None:
        raise NotImplementedError

    async def oldest_owed(self, *, of: str | None = None) -> datetime | None:
        raise NotImplementedError

    async def owed_depth(self) -> int:
        return sum(bool(each.events) for each in self.documents.values())

    def on_owed(self, nudge: Callable[[], None]) -> None:
        self._nudge = nudge

    def hand_over(self, to: Callable[[Owed], None] | None, lease: timedelta) -> bool:
        self._to, self._lease = to, lease
        self.handing_over.append(to is not None)
        return True

    async def owe_again(self, kind: str, id: str, *, anew: bool = False) -> bool:
        raise NotImplementedError

    async def last_event(self, kind: str, id: str) -> OwedEvent | None:
        raise NotImplementedError

    def _leased(self, id: str, lease: timedelta, events: tuple[OwedEvent, ...]) -> Owed:
        token = f"token {next(self._numbers)}"
        self.documents[id].leased = (token, machine_ms() + int(lease.total_seconds() * 1000))
        return Owed("agency", id, token, events)
