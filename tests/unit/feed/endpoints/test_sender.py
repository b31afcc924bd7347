"""When the sender looks again for something to hand over."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from services.feed.endpoints.hand_overs import HandOvers
from services.feed.endpoints.sender import Sender
from services.feed.latest.watcher import Watcher
from tests.support.webhooks.feed import FilledFeed, filled_feed
from tests.support.webhooks.receiver import receiving

A = "innovation/a"


def sender_of(feed: FilledFeed) -> Sender:
    return Sender(feed.store, feed.feed, Watcher(feed.feed, feed.marks), feed.client, feed.clock)


async def served(sender: Sender) -> None:
    """Until nobody is served."""
    await asyncio.gather(*sender._serving.values())


async def test_what_comes_while_an_endpoint_is_let_go_is_looked_for_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with receiving() as receiver, filled_feed(tmp_path) as feed:
        sender, serve = sender_of(feed), HandOvers.serve

        async def woken_too_late(self: HandOvers, id: str) -> int:
            made = await serve(self, id)
            await feed.management.want_test(id, "r1")
            await sender.run()  # the endpoint is served still: nothing is begun
            return made

        await feed.endpoint(receiver.url)
        await feed.put(A)
        with monkeypatch.context() as patch:
            patch.setattr(HandOvers, "serve", woken_too_late)
            await sender.run()
            await served(sender)
        assert len(receiver.requests) == 1
        assert sender.wake.is_set()
        await sender.run()
        await served(sender)
        await sender.close()
    assert len(receiver.requests) == 2


async def test_an_endpoint_for_which_nothing_is_new_is_not_served(tmp_path: Path) -> None:
    async with receiving() as receiver, filled_feed(tmp_path) as feed:
        sender = sender_of(feed)
        await feed.endpoint(receiver.url)
        await feed.put(A)
        for _ in range(3):
            await sender.run()
            await served(sender)
        assert not sender.wake.is_set()
        await sender.close()
    assert len(receiver.requests) == 1
