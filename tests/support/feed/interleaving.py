"""One random interleaving of changes, deliveries, writers that are stopped, killed, cut off or relieved, and readers: a
model of the bus and of the processes around the feed's real code on a real store."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from services.feed.latest.cursor import Cursor, FeedRestarted
from services.feed.latest.feed import Feed
from services.feed.latest.mark import Marks
from services.feed.latest.page import Selection
from services.feed.latest.placing import Arrived
from services.feed.latest.writer import LatestWriter
from shared.faults import StoreAway
from shared.ports.store import Store
from tests.support.feed.stoppable import StoppableStore

KINDS = ("agency", "innovation", "scorecard")
REGIONS = ("61.12", "61.71", "11.01")
SUBJECTS = tuple(f"{kind}/{number}" for number in range(3) for kind in KINDS)
SELECTIONS = (
    Selection(),
    Selection(subjects=frozenset({"innovation", "agency"})),
    Selection(region="61.12"),
    Selection(province="61"),
    Selection(subjects=frozenset({"scorecard"}), region="61.71"),
)


def region_of(subject: str) -> str:
    """A subject stays in its region."""
    return REGIONS[int(subject.partition("/")[2]) % len(REGIONS)]


@dataclass(frozen=True)
class Message:
    """What the bus holds."""

    subject: str
    sequence: int
    redelivered: bool = False

    def arrived(self) -> Arrived:
        """As the feed's handler sees it."""
        body = f"{self.subject} {self.sequence}"
        return Arrived(
            self.subject, "agency.registered", region_of(self.subject), body, self.sequence, self.redelivered
        )


@dataclass
class Replica:
    """A process: it places events, and answers readers. owes: what it was given and has not acked."""

    store: StoppableStore
    marks: Marks
    writer: LatestWriter
    feed: Feed
    owes: dict[asyncio.Task[None], Message] = field(default_factory=dict)


@dataclass
class Reader:
    """Another system. present: subject → the sequence that it has."""

    where: Selection
    limit: int
    cursor: Cursor | None = None
    place: int = 0
    present: dict[str, int] = field(default_factory=dict)
    unseen: set[str] = field(default_factory=set)

    async def read(self, feed: Feed) -> bool:
        """Read a page; whether there is more."""
        try:
            page = await feed.read(self.where, self.cursor, self.limit)
        except FeedRestarted:
            self.cursor, self.place, self.unseen = None, 0, set(self.present)
            return True
        for event in page.events:
            assert event.place > self.place, "places go up"
            self.place = event.place
            self.unseen.discard(event.subject)
            subject, _, sequence = event.body.decode().rpartition(" ")
            assert subject == event.subject
            assert self.where.has(event)
            self.present[subject] = max(self.present.get(subject, 0), int(sequence))
        self.cursor = page.cursor
        if not page.more:
            for gone in self.unseen:
                del self.present[gone]
            self.unseen = set()
        return page.more


class Interleaving:
    """On one store, which is empty at the beginning."""

    def __init__(self, store: Store, dice: random.Random) -> None:
        self._store, self._dice = store, dice
        self._faults = dice.choice((0.0, 0.0, 0.1))
        self._now = 1_000_000
        self._sequence = 0
        self._newest: dict[str, int] = {}
        self._bus: list[Message] = []
        self._replicas: list[Replica] = []
        self._readers = [Reader(where, dice.choice((1, 2, 5, 100))) for where in SELECTIONS]
        self._active = self._begin()
        self.steps: list[str] = []

    async def run(self, steps: int) -> None:
        """Take so many random steps, come to rest, and check every reader."""
        ways: list[tuple[int, Callable[[], object]]] = [
            (8, self._change),
            (8, self._deliver),
            (6, self._wire),
            (1, self._stop),
            (2, self._go_on),
            (1, self._lose_connection),
            (1, self._kill),
            (1, self._hand_over),
            (1, self._step_clock),
        ]
        await Marks(self._store, self._clock).load()
        for _ in range(steps):
            choice = self._dice.random()
            if choice < 0.3:
                await self._read()
            elif choice < 0.31:
                await self._rebuild()
            else:
                (way,) = self._dice.choices([each for _, each in ways], weights=[weight for weight, _ in ways])
                self.steps.append(way.__name__)
                way()
            for _ in range(self._dice.choice((0, 1, 3, 20))):
                await asyncio.sleep(0)
            if self._dice.random() < 0.3:
                await asyncio.sleep(0.0005)
            self._settle()
        await self._come_to_rest()
        await self._check()

    # --- What happens ---

    def _change(self) -> None:
        subject = self._dice.choice(SUBJECTS)
        self._sequence += 1
        self._newest[subject] = self._sequence
        self._bus += [Message(subject, self._sequence)] * self._dice.choice((1, 1, 1, 2))

    def _deliver(self) -> None:
        for _ in range(min(len(self._bus), self._dice.randint(1, 4))):
            at = self._dice.randrange(len(self._bus)) if self._dice.random() < 0.3 else 0
            message = self._bus.pop(at)
            task = asyncio.create_task(self._active.writer.place(message.arrived()))
            self._active.owes[task] = message

    def _wire(self) -> None:
        self._dice.choice(self._replicas).store.deliver(self._dice.randint(1, 3))

    def _stop(self) -> None:
        self._active.store.stop()

    def _go_on(self) -> None:
        self._dice.choice(self._replicas).store.go_on()

    def _lose_connection(self) -> None:
        """The broker gives what this one holds to another; what it does, it does for nothing."""
        former = self._active
        self._bus[:0] = [Message(each.subject, each.sequence, redelivered=True) for each in former.owes.values()]
        for task in former.owes:
            task.add_done_callback(_forget)
        former.owes.clear()
        self._active = self._begin()

    def _kill(self) -> None:
        former = self._active
        tasks = list(former.owes)
        self._lose_connection()
        self._replicas.remove(former)
        self._end(former, tasks)

    def _hand_over(self) -> None:
        """An orderly end of the one that is active: another gets what comes, and it finishes what it has."""
        self._active = self._begin()

    def _step_clock(self) -> None:
        self._now += self._dice.choice((-100_000, -50, 1, 50, 100_000))

    async def _read(self) -> None:
        reader, replica = self._dice.choice(self._readers), self._dice.choice(self._replicas)
        self.steps.append("_read")
        if not replica.store.stopped:
            await reader.read(replica.feed)

    async def _rebuild(self) -> None:
        """`satu feed rebuild`, and a resync of all owners."""
        self.steps.append("_rebuild")
        await Marks(self._store, self._clock).rebuild()
        self._bus += [Message(subject, sequence) for subject, sequence in self._newest.items()]

    def _settle(self) -> None:
        """Acks, and what comes again after its store was away."""
        for replica in self._replicas:
            for task in [each for each in replica.owes if each.done()]:
                message = replica.owes.pop(task)
                if (fault := task.exception()) is not None:
                    assert isinstance(fault, StoreAway), fault
                    self._bus.append(Message(message.subject, message.sequence, redelivered=True))

    # --- The end ---

    async def _come_to_rest(self) -> None:
        """Everybody goes on, one process is left, and everything is delivered."""
        for replica in self._replicas:
            replica.store.go_on()
            replica.store.slow = replica.store.faults = 0.0
            replica.store.deliver()
        while self._bus or any(each.owes for each in self._replicas):
            if self._bus:
                self._deliver()
            for replica in self._replicas:
                replica.store.deliver()
            await asyncio.sleep(0.0005)
            self._settle()
        for replica in self._replicas:
            if replica is not self._active:
                await replica.writer.stop()
                await replica.store.settled()

    async def _check(self) -> None:
        await self._active.writer.stop()
        other = self._begin()  # one that only answers readers
        for feed in (self._active.feed, other.feed):
            fresh = [Reader(where, 3) for where in SELECTIONS]
            for reader in (*self._readers, *fresh):
                while await reader.read(feed):
                    pass
                wanted = {subject: newest for subject, newest in self._newest.items() if _in(reader.where, subject)}
                assert reader.present == wanted, (reader, wanted)

    def _begin(self) -> Replica:
        store = StoppableStore(self._store, self._dice, faults=self._faults)
        marks = Marks(store, self._clock)
        writer = LatestWriter(store, marks, clock=self._clock, gather=0.0)
        replica = Replica(store, marks, writer, Feed(store, marks))
        self._replicas.append(replica)
        return replica

    def _end(self, replica: Replica, tasks: list[asyncio.Task[None]]) -> None:
        """As SIGKILL: what was sent still reaches the engine, nothing else is done."""
        for task in (*tasks, replica.writer._task):
            if task is not None:
                task.cancel()
        replica.store.deliver()

    def _clock(self) -> int:
        self._now += 1
        return self._now


def _in(where: Selection, subject: str) -> bool:
    region = region_of(subject)
    return (
        (where.subjects is None or subject.partition("/")[0] in where.subjects)
        and where.region in (None, region)
        and where.province in (None, region[:2])
    )


def _forget(task: asyncio.Task[None]) -> None:
    if not task.cancelled():
        task.exception()
