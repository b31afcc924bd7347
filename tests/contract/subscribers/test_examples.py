"""Each example for other systems begins with the feed, follows live, and finds in the feed what it has missed."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from tests.contract.subscribers.broker import Broker
from tests.contract.subscribers.conftest import Add
from tests.contract.subscribers.example_process import EXAMPLE, EXAMPLES, SECRET, ExampleProcess, signed
from tests.contract.subscribers.feed_server import Event, FeedServer, serving
from tests.support.rabbit_vhost import channel

Live = Callable[..., Awaitable[None]]
LONGEST = 60  # lines


def event(id: str, sequence: int, status: str = "") -> Event:
    """An event about innovation `id`."""
    subject = f"innovation/{id}"
    digits = f"{sequence:016d}"
    data = {"status": status or f"status {sequence}", "name": "Sinergi “Kreasi” ✓" * 20}
    return {"id": f"{subject}/{digits}", "type": "innovation.submitted", "subject": subject, "sequence": digits} | {
        "time": "2026-06-03T02:15:04Z",
        "region": "61.12",
        "data": data,
    }


@pytest.fixture
def feed() -> Iterator[FeedServer]:
    with serving() as server:
        yield server


@pytest.mark.parametrize(
    "file", [*EXAMPLES.glob("*/*.js"), *EXAMPLES.glob("*/*.py"), *EXAMPLES.glob("*/*.sh")], ids=lambda file: file.name
)
def test_an_example_is_short(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()

    assert len(lines) <= LONGEST
    assert max(map(len, lines)) <= 120


def test_the_packages_of_the_examples_are_pinned() -> None:
    lock = json.loads((EXAMPLES / "node/package-lock.json").read_text())
    wanted = json.loads((EXAMPLES / "node/package.json").read_text())["dependencies"]

    assert lock["packages"][""]["dependencies"] == wanted
    assert all(re.fullmatch(r"[0-9.]+", version) for version in wanted.values())
    assert "resolved" not in (EXAMPLES / "node/package-lock.json").read_text(), "a lock names no registry"
    assert re.fullmatch(r"pika==[0-9.]+\n", (EXAMPLES / "python/requirements.txt").read_text())


@pytest.mark.rabbit
@pytest.mark.parametrize("name", ["node-amqp", "python-amqp"])
async def test_a_reader_of_a_queue_has_the_present_whatever_happens(
    name: str, broker: Broker, add: Add, feed: FeedServer, tmp_path: Path
) -> None:
    subscriber = await add()

    async def live(*events: Event) -> None:
        await broker.publish(*(json.dumps(each).encode() for each in events))

    async def lose() -> None:
        async with channel(broker.vhost.url) as plain:
            await (await plain.get_queue(f"subscriber.{subscriber}", ensure=False)).purge()

    example = ExampleProcess(EXAMPLE[name], tmp_path, feed.url, {"AMQP_URL": broker.url(subscriber)})
    await has_the_present(example, feed, live, lose)


async def test_a_reader_of_the_feed_has_the_present_whatever_happens(feed: FeedServer, tmp_path: Path) -> None:
    async def live(*events: Event) -> None:
        feed.place(*events)

    await has_the_present(ExampleProcess(EXAMPLE["shell-feed"], tmp_path, feed.url), feed, live, nothing)


async def test_a_receiver_of_webhooks_has_the_present_whatever_happens(feed: FeedServer, tmp_path: Path) -> None:
    example = ExampleProcess(
        EXAMPLE["node-webhook"], tmp_path, feed.url, {"WEBHOOK_SECRET": f"whsec_{SECRET}", "PORT": "0"}
    )

    async def deliver(event: Event, **changed: str) -> int:
        if (found := re.search(r"listens on (\S+)", example.output)) is None or example.process is None:
            return 0
        body, headers = signed(event, int(time.time()))
        async with httpx2.AsyncClient() as http:
            return (await http.post(f"http://{found[1]}/", content=body, headers=headers | changed)).status_code

    async def live(*events: Event) -> None:
        for each in events:
            assert await deliver(each) in {0, 204}

    await has_the_present(example, feed, live, nothing)

    await example.start()
    before = example.present()
    forged = event("a", 99)
    assert await deliver(forged, **{"webhook-signature": "v1,AAAA"}) == 400
    assert await deliver(forged, **{"webhook-timestamp": str(int(time.time()) - 3600)}) == 400
    assert example.present() == before
    example.kill()


async def nothing() -> None:
    """Nothing can be lost on this way."""


async def has_the_present(
    example: ExampleProcess, feed: FeedServer, live: Live, lose: Callable[[], Awaitable[None]]
) -> None:
    """live: brings events to the example, not to the feed; lose: what waits for the example is dropped."""
    try:
        # It begins with what the feed has, over several pages.
        feed.place(event("a", 10), event("b", 10), event("c", 10), event("d", 10), event("e", 10))
        await example.start()
        await example.until_present(*(event(each, 10) for each in "abcde"))

        # It follows live; what is older, or comes twice, changes nothing.
        await live(event("a", 12), event("a", 12), event("f", 5))
        await live(event("b", 9), event("a", 11)) if lose is not nothing else None
        await live(event("g", 5))
        present = [event("a", 12), *(event(each, 10) for each in "bcde"), event("f", 5), event("g", 5)]
        await example.until_present(*present)

        # Killed; what comes meanwhile is dropped, but the feed has it.
        example.kill()
        await live(event("c", 20))
        await lose()
        feed.place(event("c", 20), event("a", 12), event("f", 5), event("g", 5))
        await example.start()
        present = [event("a", 12), event("b", 10), event("c", 20), event("d", 10), event("e", 10)]
        await example.until_present(*present, event("f", 5), event("g", 5))

        # The feed begins anew, after a restore: what it does not tell any more is no longer so.
        example.kill()
        feed.begin_anew(event("a", 30), event("b", 10), event("h", 1))
        await example.start()
        await example.until_present(event("a", 30), event("b", 10), event("h", 1))
    finally:
        example.kill()
