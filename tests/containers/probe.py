"""Scripts that run inside a service's container with that service's accounts. Each prints one JSON document."""

from __future__ import annotations

BROKER = '''
import asyncio, json, pathlib, sys
import aio_pika
from aiormq import exceptions

ME = "@ME@"
OTHERS = @OTHERS@
HAS_QUEUES = @HAS_QUEUES@
URL = pathlib.Path(f"/run/secrets/{ME}_bus_url").read_text().strip()


async def attempt(connection, act):
    """Returns "done" if the broker allows it, else the name of its refusal."""
    channel = await connection.channel(publisher_confirms=True)
    try:
        await act(channel)
    except (exceptions.ChannelAccessRefused, exceptions.ChannelPreconditionFailed) as refusal:
        return type(refusal).__name__
    finally:
        if not channel.is_closed:
            await channel.close()
    return "done"


def publish(exchange, key):
    async def act(channel):
        where = channel.default_exchange if exchange == "" else await channel.get_exchange(exchange, ensure=False)
        await where.publish(aio_pika.Message(b"{}"), key, mandatory=False, timeout=10)
    return act


def read(queue):
    async def act(channel):
        await (await channel.get_queue(queue, ensure=False)).get(fail=False, no_ack=False)
    return act


async def declare(channel):
    await channel.declare_queue(f"{ME}.more", durable=True, arguments={"x-queue-type": "quorum"})


def bind(queue):
    async def act(channel):
        await (await channel.get_queue(queue, ensure=False)).bind("innovation.events", "agency.registered")
    return act


def delete(queue):
    async def act(channel):
        await channel.queue_delete(queue)
    return act


def purge(queue):
    async def act(channel):
        await (await channel.get_queue(queue, ensure=False)).purge()
    return act


async def main():
    connection = await aio_pika.connect(URL)
    found = {"declare": await attempt(connection, declare)}
    if HAS_QUEUES:
        found["own exchange"] = await attempt(connection, publish(f"{ME}.own", "nobody"))
    for other, queue, type in OTHERS:
        found[f"speak as {other}"] = await attempt(connection, publish("innovation.events", type))
        found[f"write to {other}.own"] = await attempt(connection, publish(f"{other}.own", queue or "nobody"))
        if queue:
            found[f"put into {queue}"] = await attempt(connection, publish("", queue))
            found[f"read {queue}"] = await attempt(connection, read(queue))
            found[f"purge {queue}"] = await attempt(connection, purge(queue))
            found[f"delete {queue}"] = await attempt(connection, delete(queue))
            found[f"bind {queue}"] = await attempt(connection, bind(queue))
    await connection.close()
    print(json.dumps(found))


asyncio.run(main())
'''

DATABASE = '''
import json, pathlib
from pymongo import MongoClient
from pymongo.errors import OperationFailure

ME = "@ME@"
OTHERS = @OTHERS@
UNAUTHORIZED = 13
client = MongoClient(pathlib.Path(f"/run/secrets/{ME}_store_url").read_text().strip(), serverSelectionTimeoutMS=5000)
mine = client.get_default_database()


def attempt(act):
    """Returns "done" if the database allows it, else "refused"."""
    try:
        act()
    except OperationFailure as failure:
        return "refused" if failure.code == UNAUTHORIZED else f"{failure.code}: {failure}"
    return "done"


found = {
    "own": attempt(lambda: mine["probe"].insert_one({"_id": "probe"})),
    "own again": attempt(lambda: mine["probe"].delete_one({"_id": "probe"})),
    "make a user": attempt(lambda: mine.command("createUser", "intruder", pwd="x", roles=["root"])),
    "admin": attempt(lambda: client["admin"]["system.users"].find_one()),
}
for other in OTHERS:
    theirs = mine.name.replace(ME, other)
    assert theirs != mine.name
    found[f"read {other}"] = attempt(lambda: client[theirs]["innovation"].find_one())
    found[f"write {other}"] = attempt(lambda: client[theirs]["probe"].insert_one({"_id": "probe"}))
    found[f"drop {other}"] = attempt(lambda: client.drop_database(theirs))
print(json.dumps(found))
'''


def script(template: str, me: str, others: object, *, has_queues: bool = False) -> str:
    """The script for one service. has_queues: then it also has an exchange of its own."""
    return template.replace("@ME@", me).replace("@OTHERS@", repr(others)).replace("@HAS_QUEUES@", repr(has_queues))
