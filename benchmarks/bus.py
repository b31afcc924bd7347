"""The embedded bus beside its alternatives, in one run on one disk.

    python -m benchmarks.bus [MESSAGES] [--amqp URL]

Peers: a plain SQLite queue table with a commit per message (as most job queues on SQLite do), the same durability
(WAL, synchronous=FULL); and RabbitMQ through our adapter when a URL is given (durable quorum queue, confirms), whose
topology must have been applied. Each line: concurrent publishers, messages per second published (confirmed on disk)
and consumed (received and acknowledged, 16 at a time).
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from shared.adapters.sqlite.bus import SqliteBus
from shared.contracts.subscriptions import Subscription, subscription
from shared.ports.bus import Bus

BODY = b'{"specversion":"1.0"}' + b"x" * 1500  # bytes; about the size of innovation.submitted
AGENCIES = subscription("notifications.agencies")
TYPE = "agency.registered"
WIDTH = 16


async def published(publish: Callable[[int], Awaitable[None]], count: int, publishers: int) -> float:
    """Messages published per second by this many concurrent publishers."""
    numbers = iter(range(count))

    async def one() -> None:
        for number in numbers:
            await publish(number)

    began = time.monotonic()
    await asyncio.gather(*(one() for _ in range(publishers)))
    return count / (time.monotonic() - began)


async def consumed(bus: Bus, wanted: Subscription, count: int) -> float:
    """Messages received and acknowledged per second, WIDTH at a time."""
    receiver = await bus.receive(wanted, prefetch=WIDTH)
    left = count

    async def one() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await receiver.ack(await receiver.take())

    began = time.monotonic()
    await asyncio.gather(*(one() for _ in range(WIDTH)))
    await receiver.close()
    return count / (time.monotonic() - began)


async def of_bus(name: str, bus: Bus, count: int) -> None:
    async def publish(number: int) -> None:
        await bus.publish(TYPE, f"agency/{number}", "61.12", BODY, mandatory=True)

    for publishers in (1, 16, 64):
        rate = await published(publish, count, publishers)
        print(f"{name:34} {publishers:4} {rate:12,.0f} {await consumed(bus, AGENCIES, count):12,.0f}")


async def of_plain_table(folder: Path, count: int) -> None:
    """A commit per message; concurrent publishers would only wait for the file."""
    db = sqlite3.connect(folder / "plain.sqlite", isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE job (n INTEGER PRIMARY KEY, body BLOB, held INTEGER DEFAULT 0)")
    began = time.monotonic()
    for _ in range(count):
        db.execute("INSERT INTO job (body) VALUES (?)", (BODY,))
    publishing = count / (time.monotonic() - began)
    began = time.monotonic()
    for _ in range(count):
        take = "UPDATE job SET held = 1 WHERE n = (SELECT n FROM job WHERE held = 0 ORDER BY n LIMIT 1) RETURNING n"
        (n,) = db.execute(take).fetchall()[0]
        db.execute("DELETE FROM job WHERE n = ?", (n,))
    consuming = count / (time.monotonic() - began)
    db.close()
    print(f"{'SQLite table, a commit per message':34} {1:4} {publishing:12,.0f} {consuming:12,.0f}")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("messages", type=int, nargs="?", default=2000)
    parser.add_argument("--amqp", help="amqp:// URL of a broker with the topology applied")
    asked = parser.parse_args()
    print(f"{asked.messages} messages of {len(BODY)} bytes\n{'':34} {'at':>4} {'published/s':>12} {'consumed/s':>12}")
    with tempfile.TemporaryDirectory(dir=".") as folder:
        await of_plain_table(Path(folder), asked.messages)
        bus = SqliteBus(Path(folder) / "bus.sqlite")
        await bus.open()
        await bus.apply([AGENCIES])
        await of_bus("embedded bus", bus, asked.messages)
        await bus.close()
    if asked.amqp:
        from shared.adapters.rabbit.bus import RabbitBus  # noqa: PLC0415 - only where a broker is asked for

        broker = RabbitBus(asked.amqp)
        await broker.open()
        await of_bus("RabbitMQ", broker, asked.messages)
        await broker.close()


if __name__ == "__main__":
    asyncio.run(main())
