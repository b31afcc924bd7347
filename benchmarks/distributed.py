"""Submissions over three processes, RabbitMQ and MongoDB's protocol, beside what people would write instead.

    python -m benchmarks.distributed [--size tiny|quick|normal|full] [--out FILE]

In each round every system submits the same drafts on the same servers, one system after the other, each started anew,
and an outside queue sees what is scored. Then each once more at half of its own rate, ours
with its statements counted.
"""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from statistics import median

from benchmarks.load.job import Post
from benchmarks.peers.environment import PeersMissing, interpreter
from benchmarks.report.section import Ratio, Section, number, of_rounds
from benchmarks.report.size import Size, command
from benchmarks.system.data import NATION, Stock
from benchmarks.system.distributed import SERVICES, Distributed, Peer, Servers
from benchmarks.system.measuring import Measurement, Spread, measure
from benchmarks.system.measuring import System as Running
from benchmarks.system.mongo import mongo
from benchmarks.system.rabbit import broker
from benchmarks.system.statements import Counts
from benchmarks.system.usage import Usage

MOTOR, PYMONGO, NAIVE, FASTSTREAM = "satu inovasi (motor)", "satu inovasi (pymongo)", "naive outbox", "FastStream"
STOCKED = {
    f"{MOTOR}, {NATION:,} in the nation": Stock("", nation=NATION),
    f"{MOTOR}, 8,000 in the region": Stock("", region=8000),
    f"{MOTOR}, 2,000 in one agency": Stock("", agency=2000),
}
"""Ours on full stores, at the largest size only: filling them takes minutes."""

LACKING = {
    NAIVE: (
        "no tokens and roles, no audit log, no metrics; a consumer that fails requeues its message at once and for "
        "ever (no delays, no parking); no schema versions; relays have no leases, so two replicas publish everything "
        "twice; a hot obligation document grows with every innovation; no deadlines, no reminders; nothing to resync "
        "or restore with"
    ),
    FASTSTREAM: (
        "all of the above; and a crash between save and publish loses the event for good, in the registry and in "
        "scoring; an older message overwrites a newer scorecard; no notifications at all"
    ),
}
PEERS = {NAIVE: (1.0, "0.3"), FASTSTREAM: (0.6, "0.2")}
"""The share of its rate that is wanted, and what it was."""

_SETTLED = 1.5  # seconds in which a counted process finishes what it put off

AnySystem = Distributed | Peer
ServersOfRun = Callable[[], AbstractContextManager[Servers]]


class Rounds:
    """The systems of a run, their drafts and their measurements."""

    def __init__(self, servers: Servers, folder: Path, size: Size) -> None:
        self.systems: dict[str, AnySystem] = {MOTOR: Distributed(servers, folder / "motor")}
        self.missing = ""
        if size is not Size.TINY:
            self._with_peers(servers, folder, size)
        if size is Size.FULL:
            for name, stock in STOCKED.items():
                self.systems[name] = Distributed(servers, folder / stock.key, stock=stock)
        self.count = size.choose(tiny=16, quick=200, normal=600)
        self.rounds = size.choose(tiny=1, quick=1, normal=5, full=9)
        self.warm = size.choose(tiny=2, quick=30, normal=60)
        self.posts: dict[str, dict[str, list[Post]]] = {}
        self.saturated: dict[str, list[Measurement]] = {name: [] for name in self.systems}
        self.ready: dict[str, float] = {}
        self.rest: dict[str, Usage] = {}
        self.idle: dict[str, float] = {}
        self.idle_seconds = size.choose(tiny=0.2, quick=3.0, normal=5.0)

    def _with_peers(self, servers: Servers, folder: Path, size: Size) -> None:
        if size.counts:
            self.systems[PYMONGO] = Distributed(servers, folder / "pymongo", "pymongo")
        try:
            python = interpreter()
        except PeersMissing as error:
            self.missing = str(error)
        else:
            self.systems[NAIVE] = Peer(servers, folder, "naive_outbox", python, SERVICES)
            self.systems[FASTSTREAM] = Peer(servers, folder, "faststream_app", python, ("registry", "scoring"))

    async def prepare(self) -> None:
        """Write all drafts."""
        names = {"half": self.count, "counted": self.count, "warm half": self.warm}
        for each in range(self.rounds):
            names |= {f"warm {each}": self.warm, f"round {each}": self.count}
        for name, system in self.systems.items():
            self.posts[name] = await system.prepared(names)

    def saturate(self) -> None:
        """Every system in every round, each round beginning with another one."""
        names = list(self.systems)
        for each in range(self.rounds):
            for name in names[each % len(names) :] + names[: each % len(names)]:
                with self.systems[name].running() as system:
                    if name == MOTOR:
                        self.ready, self.rest = dict(system.ready_after), system.at_rest()
                        self.idle = self.idle or system.idle(self.idle_seconds)
                    measure(system, self.posts[name][f"warm {each}"])
                    self.saturated[name].append(measure(system, self.posts[name][f"round {each}"]))

    def at_half(self, name: str) -> Measurement:
        """At half of the system's own rate at saturation."""
        with self.systems[name].running() as system:
            measure(system, self.posts[name]["warm half"])
            return measure(system, self.posts[name]["half"], rate=self._half(name))

    def counted(self, name: str, folder: Path) -> tuple[Measurement, Counts, float]:
        """One of ours at half of its rate, the statements of a round at saturation, and those per second at rest."""
        system = self.systems[name]
        assert isinstance(system, Distributed)
        folder.mkdir()
        with system.running(counts=folder) as running:
            measure(running, self.posts[name]["warm half"])
            half = measure(running, self.posts[name]["half"], rate=self._half(name))
            before = _collected(folder, running)
            measure(running, self.posts[name]["counted"])
            time.sleep(_SETTLED)
            counts = _collected(folder, running)
            time.sleep(self.idle_seconds)
            resting = _collected(folder, running).since(counts).total / self.idle_seconds
            return half, counts.since(before), resting

    def _half(self, name: str) -> float:
        return median(it.outcome.rate for it in self.saturated[name]) / 2


def _collected(folder: Path, running: Running) -> Counts:
    """Tell each service to write its counts, and add them up."""
    files = [folder / f"{name}.json" for name in running.ready_after]
    for file in files:
        file.unlink(missing_ok=True)
        pid = running.pids[file.stem]
        assert pid is not None
        os.kill(pid, signal.SIGUSR1)
    while not all(file.exists() for file in files):
        time.sleep(0.02)
    return sum((Counts.read(file) for file in files), Counts())


@contextmanager
def servers() -> Iterator[Servers]:
    """Both servers of a run."""
    with mongo() as store, broker() as bus:
        yield Servers(store, bus)


def distributed_section(size: Size, both_servers: ServersOfRun = servers) -> Section:
    """All rounds."""
    section = Section(
        "distributed",
        "Distributed: three processes, beside what people would write instead",
        "Registry, scoring and notifications as processes of their own. The peers are runnable files in "
        "`benchmarks/peers`. All systems use the same servers and submit the same drafts in the same run, alternating, "
        "each on databases and a virtual host of its own, without queues of other services; an outside queue bound to "
        "`innovation.events` sees what is "
        "scored. Processor time covers the services, the store and the broker, not the generator. While the first "
        "system runs at half of its rate its statements are counted, which costs a little.",
        ["system", "per second", "seen p50 ms", "seen p99 ms", "POST p99 ms"]
        + [f"{part} ms" for part in ("services", "store", "broker", "sum")],
        size.counts,
    )
    with tempfile.TemporaryDirectory() as scratch, both_servers() as both:
        section.note(f"Store: {both.mongo.what}. Broker: {both.broker.what}, one node, quorum queues.")
        rounds = Rounds(both, Path(scratch), size)
        if rounds.missing:
            section.note(f"The peers could not be installed: {rounds.missing}")
        asyncio.run(rounds.prepare())
        rounds.saturate()
        for name, them in rounds.saturated.items():
            _row(section, name, them)
        half, counts, resting = rounds.counted(MOTOR, Path(scratch) / "counts")
        for name in rounds.systems:
            _row(section, f"{name}, at half of that", [half if name == MOTOR else rounds.at_half(name)])
    _judge(section, rounds, half, counts, resting)
    for name, what in LACKING.items():
        section.note(f"What {name} lacks: {what}.")
    return section


def _row(section: Section, name: str, them: list[Measurement]) -> None:
    def part(*names: str) -> list[float]:
        return [sum(ms for each, ms in it.cpu.items() if each in names) for it in them]

    section.row(
        name,
        of_rounds([it.outcome.rate for it in them]),
        *(of_rounds([it.seen(share) for it in them]) for share in (0.5, 0.99)),
        of_rounds([it.post(0.99) for it in them]),
        of_rounds(
            [it.total - store - bus for it, store, bus in zip(them, part("store"), part("broker"), strict=True)], 2
        ),
        of_rounds(part("store"), 2),
        of_rounds(part("broker"), 2),
        of_rounds([it.total for it in them], 2),
    )


def _judge(section: Section, rounds: Rounds, half: Measurement, counts: Counts, resting: float) -> None:
    ours, statements, written = rounds.saturated[MOTOR], counts.total / rounds.count, counts.written / rounds.count
    total = Spread(tuple(it.total for it in ours))
    each = _by_process(ours)
    for peer in [name for name in PEERS if name in rounds.saturated]:
        _beside(section, ours, peer, rounds.saturated[peer])
    for name in STOCKED.keys() & rounds.saturated.keys():
        pairs = zip(ours, rounds.saturated[name], strict=True)
        share = Spread(tuple(none.total / full.total for none, full in pairs))
        limit = f"Of each process, in ms: {_by_process(rounds.saturated[name])}; on empty stores {each}."
        measured, holds = number(share.median, 2), share.median >= 0.9
        section.goal("3", f"distributed: {name}", "≥ 0.9 of empty", measured, holds=holds, limit=limit)
    p99 = half.seen(0.99)
    section.goal(
        "2",
        "seen p99 at half of saturation",
        "≤ 150 ms",
        f"{p99:.0f} ms",
        holds=p99 <= 150,
        was="4.4 s at saturation",
        limit=f"Half of them are seen within {half.seen(0.5):.0f} ms, and the POST alone takes "
        f"{half.post(0.99):.0f} ms at p99: statements of a few milliseconds, one after the other, on cores that are "
        f"busy {_busy(half):.0%} of the time.",
    )
    most = ", ".join(f"{name} {count / rounds.count:.2f}" for name, count in counts.statements.most_common(12))
    many = ", ".join(f"{name} {count / rounds.count:.2f}" for name, count in counts.documents.most_common(6))
    section.goal(
        "2",
        "statements each",
        "≤ 3.5",
        f"{statements:.1f}",
        holds=statements <= 3.5,
        was="about 20",
        limit="No statement stands out: see the list of the most frequent. One carries what waits when the one before "
        "it has ended, so the faster the submissions come the fewer each of them needs.",
    )
    section.goal(
        "2",
        "documents written each",
        "≤ 5.5",
        f"{written:.1f}",
        holds=written <= 5.5,
        limit=f"Counted by kind: {many}. Six are the innovation, the scorecard and the entry, each twice; the audit "
        "entry and the keys of alike innovations came after the goal was set.",
    )
    naive = Spread(tuple(it.total for it in rounds.saturated[NAIVE])).median if NAIVE in rounds.saturated else None
    peer_takes = f"; the {NAIVE}, which guarantees less, takes {number(naive, 1)} ms in the same run" if naive else ""
    section.goal(
        "2",
        "processor time each",
        "≤ 6 ms",
        f"{total.median:.1f} ms",
        holds=total.median <= 6,
        was="25.5 ms",
        limit=f"Of each process, in ms: {each}{peer_takes}.",
    )
    section.note(f"Processor time of each process, ms (medians): {each}.")
    if naive:
        section.note(
            f"Processor time: the {NAIVE}, which guarantees less, takes {number(naive, 1)} ms in the same run. Both "
            "cores are busy at saturation, so the rate follows from it."
        )
    section.ratios["distributed submissions per second of processor time"] = Ratio(1000 / total.median, total.relative)
    section.note(
        f"Statements per submission, the most frequent: {most}. At rest the three processes make {resting:.0f} per "
        "second (sweeps, and looks for what other processes owe), which are counted as well."
    )
    section.note(
        f"Documents written per submission, the most frequent: {many}. An innovation and a scorecard are written with "
        "the event that they owe, and once more when the bus has confirmed it; an entry of the ledger when the "
        "innovation is submitted and when it is scored. That makes six: two fewer would need events that are not kept "
        "until they are confirmed, or duties that wait for scores. The audit entry of the submission is a document, "
        "and so are the keys by which alike innovations are found, which are made behind the submissions, at most 20 "
        "a second."
    )
    twice = sum(it.outcome.twice for it in ours)
    section.note(f"Seen more than once at the outside queue, of ours: {twice}.")
    idle = ", ".join(f"{name} {ms:.0f}" for name, ms in rounds.idle.items())
    section.note(f"Idle, ms of processor time per second (without peers, with {MOTOR}): {idle}.")
    _of_services(section, rounds)
    section.points["throughput"] = [
        (name, median(it.outcome.rate for it in them)) for name, them in rounds.saturated.items()
    ]
    section.note(
        f"The generator costs {number(median(it.outcome.cpu * 1000 / it.outcome.accepted for it in ours), 2)} ms."
    )


def _beside(section: Section, ours: list[Measurement], peer: str, theirs: list[Measurement]) -> None:
    wanted, was = PEERS[peer]
    pairs = list(zip(ours, theirs, strict=True))
    share = Spread(tuple(a.outcome.rate / b.outcome.rate for a, b in pairs))
    by_cost = Spread(tuple(b.total / a.total for a, b in pairs)).median
    limit = (
        f"The rounds gave {min(share.values):.2f} to {max(share.values):.2f}. Processor time bounds it: a submission "
        f"costs {number(median(a.total for a, _ in pairs), 1)} ms over all processes, with {peer} "
        f"{number(median(b.total for _, b in pairs), 1)} ms in the same rounds, which is a share of {by_cost:.2f}."
    )
    measured, holds = f"{share.median:.2f}", share.median >= wanted
    section.goal("2", f"share of {peer}", f"≥ {wanted}", measured, holds=holds, was=was, limit=limit)
    section.ratios[f"distributed share of {peer}"] = Ratio(share.median, share.relative)


def _by_process(them: list[Measurement]) -> str:
    return ", ".join(f"{name} {number(median(it.cpu[name] for it in them), 2)}" for name in them[0].cpu)


def _busy(it: Measurement) -> float:
    """The share of the machine's cores that all processes took, the generator included."""
    spent = it.outcome.cpu + it.total * it.outcome.accepted / 1000
    return spent / (it.outcome.accepted / it.outcome.rate) / (os.cpu_count() or 1)


def _of_services(section: Section, rounds: Rounds) -> None:
    for name, seconds in rounds.ready.items():
        section.goal(
            "5",
            f"{name}: start to ready",
            "≤ 1.5 s",
            f"{seconds:.2f} s",
            holds=seconds <= 1.5,
            limit="One start, three services at once on two cores: most of it is importing libraries "
            "(`python -X importtime -m shared.cli serve`).",
        )
    for name in rounds.ready:
        rest = rounds.rest[name].anonymous
        section.goal(
            "5",
            f"{name}: memory at rest",
            "≤ 80 MB",
            f"{rest:.0f} MB",
            holds=rest <= 80,
            limit=f"Anonymous memory; with mapped files {rounds.rest[name].rss:.0f} MB.",
        )
    whole = ", ".join(f"{name} {rounds.rest[name].rss:.0f}" for name in rounds.ready)
    section.note(
        "Memory at rest is anonymous memory: what a container is charged, but for some 4 MB of the kernel's "
        f"(`docker stats`). With the files that they map and share the processes have {whole} MB."
    )


if __name__ == "__main__":
    command(distributed_section, __doc__)
