"""What the parts of a submission cost, each beside what it is compared with, in one process and by processor time.

python -m benchmarks.parts [--size tiny|quick|normal|full] [--out FILE]
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from benchmarks.distributed import ServersOfRun, servers
from benchmarks.measures import door, judging, moving, storing
from benchmarks.report.section import Ratio, Section, number
from benchmarks.report.size import Size, command
from benchmarks.system.distributed import Servers
from benchmarks.system.measuring import Spread
from benchmarks.system.rabbit import BrokerMissing
from shared.adapters.mongo.store import MongoStore
from shared.adapters.sqlite.store import SqliteStore
from tests.servers.mongo import fresh_database


def parts_section(size: Size, both_servers: ServersOfRun = servers) -> Section:
    """All parts, each so many times in turns with its counterpart."""
    section = Section(
        "parts",
        "Parts",
        "Each part alone, with its counterpart in turns. Milliseconds are of this process; what a server does besides "
        "is not in them.",
        ["part", "per second", "ms each"],
        size.counts,
    )
    try:
        with both_servers() as both:
            asyncio.run(_parts(section, size, both))
    except BrokerMissing as error:
        section.note(f"No broker: {error}")
    return section


async def _parts(section: Section, size: Size, both: Servers) -> None:
    count = size.choose(tiny=64, quick=1000, normal=4000)
    rounds = size.choose(tiny=1, quick=3, normal=5)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        await _stores(section, both, folder, count)
        await _bus(section, both, folder, count, rounds)
    _pure(section, count)
    await _door(section, count, rounds)


async def _stores(section: Section, both: Servers, folder: Path, count: int) -> None:
    url = both.mongo.url
    for name, store in (
        ("SQLite", SqliteStore(folder / "store.sqlite")),
        ("MongoDB's protocol, motor", MongoStore(fresh_database(url), driver="motor")),
        ("MongoDB's protocol, pymongo", MongoStore(fresh_database(url), driver="pymongo")),
    ):
        of_store = count if name == "SQLite" else max(64, count // 4)
        for what, timed in (await storing.of_store(store, of_store)).items():
            section.row(f"{name}: {what}", number(timed.rate), number(timed.cpu, 3))


async def _bus(section: Section, both: Servers, folder: Path, count: int, rounds: int) -> None:
    folders = [folder / str(each) for each in range(rounds)]
    for each in folders:
        each.mkdir()
    embedded = [await moving.embedded(each, count) for each in folders]
    rates = Spread(tuple(each.rate for each in embedded))
    section.row("embedded relay and delivery", number(rates.median), number(min(each.cpu for each in embedded), 3))
    section.goal("4", "embedded events/s", "≥ 5,000", number(rates.median), holds=rates.median >= 5000)
    section.ratios["embedded events per second of processor time"] = Ratio(
        1000 / min(each.cpu for each in embedded), rates.relative
    )
    pairs = [await moving.relay_beside_bare(both.broker.rabbit, each, count) for each in folders]
    for name, them in (("relay", [ours for ours, _ in pairs]), ("bare aio-pika", [bare for _, bare in pairs])):
        rate = Spread(tuple(each.rate for each in them))
        section.row(f"{name}, one quorum queue", number(rate.median), number(min(each.cpu for each in them), 3))
    share = Spread(tuple(ours.rate / bare.rate for ours, bare in pairs))
    section.goal("4", "relay, share of bare aio-pika", "≥ 0.8", f"{share.median:.2f}", holds=share.median >= 0.8)
    section.ratios["relay, share of bare aio-pika"] = Ratio(share.median, share.relative)


def _pure(section: Section, count: int) -> None:
    for name, timed in judging.all_parts(count).items():
        section.row(name, number(timed.rate), number(timed.cpu, 3))


async def _door(section: Section, count: int, rounds: int) -> None:
    pairs = [await door.both(count) for _ in range(rounds)]
    ours, bare = min(a.cpu for a, _ in pairs), min(b.cpu for _, b in pairs)
    section.row("HTTP POST to the store's door", number(1000 / ours), number(ours, 3))
    section.row("bare FastAPI, validated POST", number(1000 / bare), number(bare, 3))
    shares = Spread(tuple(b.cpu / a.cpu for a, b in pairs))
    section.note(f"A POST to the store's door costs {ours / bare:.1f} times a bare validated one.")
    section.ratios["HTTP door, share of bare FastAPI"] = Ratio(shares.median, shares.relative)


if __name__ == "__main__":
    command(parts_section, __doc__)
