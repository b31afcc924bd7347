"""Hand-overs on each kind of store: what needs no more of it than its contract."""

from __future__ import annotations

import asyncio

from services.feed.endpoints.delivery import DeliveryKind, Result
from services.feed.endpoints.endpoint import Serving
from services.feed.endpoints.progress import Lease
from services.feed.endpoints.signing import webhook_id
from shared.clock import machine_ms
from shared.contracts.endpoint import DisablingCause
from tests.support.store_engines import Engine
from tests.support.webhooks.feed import ALL_KINDS, ENDPOINT, FilledFeed, event_of
from tests.support.webhooks.receiver import in_turn, receiving, status

A, B = "innovation/a", "innovation/b"


def ids(*subjects: str, version: int = 1) -> list[str]:
    return [webhook_id(str(event_of(each, version)["id"])) for each in subjects]


async def filled(engine: Engine) -> FilledFeed:
    return FilledFeed(await engine.open(*ALL_KINDS))


async def test_an_endpoint_gets_what_holds_then_the_newest_form_and_is_disabled_by_410(either: Engine) -> None:
    feed = await filled(either)
    async with receiving(in_turn(status(204), status(500), status(204), status(204), status(410))) as receiver:
        await feed.endpoint(receiver.url, ("innovation",))
        await feed.put(A, "obligation/x", B)
        await feed.serve()  # A; B fails
        await feed.put(B, version=2)
        await feed.serve()  # B in its newest form
        await feed.management.want_again(ENDPOINT, 1, "r1")
        await feed.serve()  # A again
        await feed.put(A, version=2)
        await feed.serve()  # gone
        endpoint, log, events = await feed.read_endpoint(), await feed.log(), await feed.events()
    assert receiver.ids == [*ids(A, B), *ids(B, version=2), *ids(A), *ids(A, version=2)]
    assert [each.result for each in log] == [
        *(Result.ACCEPTED, Result.FAILED, Result.ACCEPTED, Result.ACCEPTED, Result.FAILED)
    ]
    assert log[3].kind is DeliveryKind.REDELIVERY
    assert (endpoint.serving, endpoint.cause) == (Serving.DISABLED, DisablingCause.GONE)
    assert [each["status"] for each in events] == ["active", "disabled"]


async def test_processes_that_share_an_endpoint_hand_over_each_event_once_under_one_lease(either: Engine) -> None:
    first, second = await filled(either), await filled(either)
    subjects = [f"innovation/{number}" for number in range(12)]
    async with receiving() as receiver:
        await first.endpoint(receiver.url)
        await first.put(*subjects)
        await asyncio.gather(*(each.hand_overs.serve(ENDPOINT) for each in (first, second, first, second)))
        await first.serve()
        assert sorted(receiver.ids) == sorted(ids(*subjects))

        await first.put(A)
        await first.change(lease=Lease(token="other", until=machine_ms() + 20_000))
        assert await second.hand_overs.serve(ENDPOINT) == 0
        await first.change(lease=Lease(token="other", until=machine_ms()))
        assert await second.hand_overs.serve(ENDPOINT) == 1
    assert receiver.ids[-1:] == ids(A)
