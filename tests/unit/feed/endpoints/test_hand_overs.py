"""Hand-overs to real receivers on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook

from services.feed.endpoints.delivery import DeliveryKind, Result
from services.feed.endpoints.endpoint import Serving
from services.feed.endpoints.progress import Lease, Progress
from services.feed.endpoints.schedule import STEPS
from services.feed.endpoints.signing import webhook_id
from shared.clock import machine_ms
from shared.contracts.endpoint import DisablingCause
from tests.support.webhooks.feed import ENDPOINT, REGION, FilledFeed, event_of, filled_feed
from tests.support.webhooks.receiver import (
    Answer,
    Receiver,
    a_gigabyte,
    hang,
    in_turn,
    receiving,
    refusing,
    status,
)

A, B, C = "innovation/a", "innovation/b", "innovation/c"
FIVE_DAYS = 5 * 86_400_000
EXHAUSTED = len(STEPS)


@asynccontextmanager
async def served(
    folder: Path, answer: Answer | None = None, *, seconds: float = 5.0
) -> AsyncIterator[tuple[FilledFeed, Receiver]]:
    async with receiving(answer) as receiver, filled_feed(folder, seconds=seconds) as feed:
        await feed.endpoint(receiver.url)
        yield feed, receiver


def ids(*subjects: str, version: int = 1) -> list[str]:
    return [webhook_id(str(event_of(each, version)["id"])) for each in subjects]


async def results(feed: FilledFeed) -> list[tuple[str, str]]:
    return [(each.subject, each.result.value) for each in await feed.log()]


# --- What is handed over ---


async def test_everything_that_holds_is_handed_over_in_its_order_and_then_nothing(tmp_path: Path) -> None:
    async with served(tmp_path) as (feed, receiver):
        await feed.put(A, B)
        assert await feed.serve() == 2
        assert await feed.serve() == 0
        await feed.put(C)
        await feed.serve()
    assert receiver.ids == ids(A, B, C)


async def test_a_hand_over_is_a_signed_cloud_event_in_the_bytes_of_the_feed(tmp_path: Path) -> None:
    async with served(tmp_path) as (feed, receiver):
        await feed.put(A)
        await feed.serve()
        secret = (await feed.read_endpoint()).secrets[0].key
    request = receiver.requests[0]
    assert Webhook(secret).verify(request.body, request.headers) == event_of(A)
    assert request.target == "/hook?of=test"
    assert request.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert request.headers["accept-encoding"] == "identity"
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert "cookie" not in request.headers


async def test_only_the_endpoints_region_and_subjects_are_handed_over(tmp_path: Path) -> None:
    async with receiving() as receiver, filled_feed(tmp_path) as feed:
        await feed.endpoint(receiver.url, ("innovation",))
        await feed.put("obligation/x", A)
        await feed.put(B, region="61.71")
        await feed.serve()
    assert receiver.ids == ids(A)


async def test_what_changed_while_an_attempt_failed_goes_out_once_in_its_newest_form(tmp_path: Path) -> None:
    async with served(tmp_path, in_turn(status(500), status(204))) as (feed, receiver):
        await feed.put(A, B)
        await feed.serve()
        await feed.put(A, version=2)
        await feed.put(A, version=3)
        await feed.serve()
    assert receiver.ids == [*ids(A), *ids(B), *ids(A, version=3)]


async def test_another_generation_of_the_feed_begins_anew(tmp_path: Path) -> None:
    async with served(tmp_path) as (feed, receiver):
        await feed.put(A, B)
        await feed.serve()
        await feed.rebuild()
        await feed.put(B)
        await feed.serve()
    assert receiver.ids == ids(A, B, B)


async def test_either_secret_is_accepted_while_it_is_rotated(tmp_path: Path) -> None:
    async with served(tmp_path) as (feed, receiver):
        old = (await feed.read_endpoint()).secrets[0].key
        found = await feed.management._endpoints.get(ENDPOINT)
        _, new = await feed.management.rotate(ENDPOINT, found.sequence)
        await feed.put(A)
        await feed.serve()
    request = receiver.requests[0]
    for secret in (old, new):
        Webhook(secret).verify(request.body, request.headers)


# --- Receivers that fail ---


@pytest.mark.parametrize(
    ("answer", "code", "failure"),
    [(status(500), 500, None), (status(302, Location="http://127.0.0.1:1/"), 302, None), (hang, None, "timeout")],
    ids=["500", "redirect", "hang"],
)
async def test_a_failure_is_logged_and_tried_again_after_five_seconds(
    tmp_path: Path, answer: Answer, code: int | None, failure: str | None
) -> None:
    async with served(tmp_path, answer, seconds=0.2) as (feed, receiver):
        await feed.put(A, B)
        before = machine_ms()
        await feed.serve()
        progress, log = await feed.progress(), await feed.log()
        assert await feed.hand_overs.serve(ENDPOINT) == 0
    assert (progress.cursor, progress.failures) == ("", 1)
    assert 5_000 <= progress.due - before < 7_000
    assert [(each.status, each.failure, each.result) for each in log] == [(code, failure, Result.FAILED)]
    assert len(receiver.requests) == 1


async def test_an_answer_of_a_gigabyte_is_an_answer_and_is_not_read(tmp_path: Path) -> None:
    async with served(tmp_path, a_gigabyte) as (feed, receiver):
        await feed.put(A)
        await feed.serve()
        log = await feed.log()
    assert receiver.ids == ids(A)
    assert [each.result for each in log] == [Result.ACCEPTED]
    assert log[0].took < 1_000


async def test_a_receiver_that_is_not_there_or_says_no_http_fails(tmp_path: Path) -> None:
    async def garbage(_: object, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello\r\n\r\n")

    async with served(tmp_path, garbage) as (feed, _):
        await feed.put(A)
        await feed.serve()
    async with filled_feed(tmp_path) as feed:
        await feed.serve()
        assert [each.failure for each in await feed.log()] == ["no-answer", "no-connection"]


async def test_retry_after_is_obeyed(tmp_path: Path) -> None:
    async with served(tmp_path, status(503, Retry_After="90")) as (feed, _):
        await feed.put(A)
        before = machine_ms()
        await feed.serve()
        assert 90_000 <= (await feed.progress()).due - before < 95_000


async def test_410_disables_at_once_and_says_so_without_the_url(tmp_path: Path) -> None:
    async with served(tmp_path, status(410)) as (feed, receiver):
        await feed.put(A)
        await feed.serve()
        endpoint, events = await feed.read_endpoint(), await feed.events()
        assert await feed.serve() == 0
    assert (endpoint.serving, endpoint.cause, endpoint.times) == (Serving.DISABLED, DisablingCause.GONE, 1)
    assert [(each["status"], each["times"], each["cause"]) for each in events] == [
        ("active", 0, None),
        ("disabled", 1, "gone"),
    ]
    assert "127.0.0.1" not in str(events)
    assert len(receiver.requests) == 1


async def test_five_days_without_any_success_disable(tmp_path: Path) -> None:
    async with served(tmp_path, status(500)) as (feed, _):
        await feed.put(A)
        await feed.change(failures=15, failing_since=machine_ms() - FIVE_DAYS)
        await feed.management._endpoints.change(
            ENDPOINT, lambda before: (before.model_copy(update={"changed_at": 0}), None) if before else None
        )
        await feed.serve()
        endpoint, progress = await feed.read_endpoint(), await feed.progress()
    assert (endpoint.serving, endpoint.cause) == (Serving.DISABLED, DisablingCause.FAILING)
    assert (progress.cursor, progress.failures, progress.lease) == ("", 0, None)


async def test_an_endpoint_that_is_enabled_again_goes_on_where_it_ended(tmp_path: Path) -> None:
    async with served(tmp_path, in_turn(status(204), status(410), status(204))) as (feed, receiver):
        await feed.put(A, B)
        await feed.serve()
        found = await feed.management._endpoints.get(ENDPOINT)
        await feed.management.enable(ENDPOINT, found.sequence)
        await feed.serve()
        events = await feed.events()
    assert receiver.ids == ids(A, B, B)
    assert [each["status"] for each in events] == ["active", "disabled", "active"]


# --- An event that is stuck ---


async def test_a_stuck_event_is_given_up_only_when_the_next_one_is_accepted_in_its_stead(tmp_path: Path) -> None:
    async with served(tmp_path, refusing(A)) as (feed, receiver):
        await feed.put(A, B, C)
        for _ in range(EXHAUSTED):
            await feed.serve()
        assert receiver.ids == ids(A) * EXHAUSTED
        await feed.serve()
        log = await results(feed)
    assert log[EXHAUSTED:] == [(A, "failed"), (B, "accepted"), (A, "given up"), (C, "accepted")]
    assert receiver.ids[EXHAUSTED:] == ids(A, B, C)


async def test_a_receiver_that_is_down_loses_nothing(tmp_path: Path) -> None:
    async with served(tmp_path, status(500)) as (feed, receiver):
        await feed.put(A, B)
        for _ in range(EXHAUSTED + 3):
            await feed.serve()
        receiver.answer = status(204)
        receiver.requests.clear()
        await feed.serve()
        assert "given up" not in [result for _, result in await results(feed)]
    assert receiver.ids == ids(A, B)


async def test_a_stuck_event_that_is_the_last_one_is_kept(tmp_path: Path) -> None:
    async with served(tmp_path, refusing(A)) as (feed, receiver):
        await feed.put(A)
        for _ in range(EXHAUSTED + 2):
            await feed.serve()
        assert (await feed.progress()).cursor == ""
        await feed.put(A, version=2)
        receiver.answer = status(204)
        await feed.serve()
    assert receiver.ids[-1:] == ids(A, version=2)


# --- Leases ---


async def test_an_endpoint_that_another_process_serves_is_left_alone(tmp_path: Path) -> None:
    async with served(tmp_path) as (feed, receiver):
        await feed.put(A)
        await feed.change(lease=Lease(token="other", until=machine_ms() + 20_000))
        assert await feed.hand_overs.serve(ENDPOINT) == 0
        assert receiver.requests == []
        await feed.change(lease=Lease(token="other", until=machine_ms()))
        assert await feed.hand_overs.serve(ENDPOINT) == 1


async def test_two_processes_hand_over_each_event_once(tmp_path: Path) -> None:
    async with served(tmp_path) as (feed, receiver):
        await feed.put(*(f"innovation/{number}" for number in range(20)))
        await asyncio.gather(*(feed.hand_overs.serve(ENDPOINT) for _ in range(4)))
        await feed.serve()
    assert len(receiver.ids) == len(set(receiver.ids)) == 20


async def test_who_has_lost_the_lease_does_not_move_the_cursor(tmp_path: Path) -> None:
    async def taken_over(request: object, writer: asyncio.StreamWriter) -> None:
        await feed.change(lease=Lease(token="other", until=machine_ms() + 20_000))
        await status(204)(request, writer)  # type: ignore[arg-type]

    async with served(tmp_path, taken_over) as (feed, receiver):
        await feed.put(A, B)
        await feed.serve()
        progress = await feed.progress()
    assert progress.cursor == ""
    assert progress.lease is not None
    assert progress.lease.token == "other"
    assert receiver.ids == ids(A)


# --- What was asked for ---


async def test_a_test_event_is_sent_once_and_its_success_ends_the_wait(tmp_path: Path) -> None:
    async with served(tmp_path, in_turn(status(500), status(204))) as (feed, receiver):
        await feed.put(A)
        await feed.serve()
        await feed.management.want_test(ENDPOINT, "r1")
        await feed.management.want_test(ENDPOINT, "r1")
        await feed.hand_overs.serve(ENDPOINT)
        log = await feed.log()
    assert [each.kind for each in log] == [DeliveryKind.EVENT, DeliveryKind.TEST, DeliveryKind.EVENT]
    assert b'"type":"endpoint.test"' in receiver.requests[1].body
    assert receiver.ids[2:] == ids(A)


async def test_a_redelivery_sends_the_newest_form_of_the_same_subject(tmp_path: Path) -> None:
    async with served(tmp_path) as (feed, receiver):
        await feed.put(A, B)
        await feed.serve()
        await feed.management.want_again(ENDPOINT, 1, "r1")
        await feed.serve()
        await feed.put(A, version=2)
        await feed.serve()
        await feed.management.want_again(ENDPOINT, 1, "r2")
        await feed.serve()
        kinds = [each.kind for each in await feed.log()]
    assert receiver.ids == [*ids(A, B, A), *ids(A, A, version=2)]
    assert kinds.count(DeliveryKind.REDELIVERY) == 2


async def test_what_is_no_longer_in_the_feed_cannot_be_sent_again(tmp_path: Path) -> None:
    async with served(tmp_path) as (feed, receiver):
        await feed.put(A)
        await feed.serve()
        await feed.put(A, version=2, region="61.71")
        await feed.management.want_again(ENDPOINT, 1, "r1")
        await feed.serve()
        assert (await feed.log())[-1].result is Result.MISSING
    assert receiver.ids == ids(A)


async def test_the_log_keeps_the_last_thousand_entries(tmp_path: Path) -> None:
    async with served(tmp_path) as (feed, _):
        await feed.change(number=1)
        await feed.put(A)
        await feed.serve()
        await feed.change(number=1_001)
        await feed.put(B)
        await feed.serve()
        log = await feed.log()
    assert [(each.number, each.subject) for each in log] == [(1_001, B)]


async def test_an_entry_is_kept_for_30_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path) as (feed, _):
        await feed.put(A)
        await feed.serve()
        assert await feed.management.deliveries.purge() == 0
        later = machine_ms() + 31 * 86_400_000
        monkeypatch.setattr("services.feed.endpoints.log.machine_ms", lambda: later)
        assert await feed.management.deliveries.purge() == 1
        assert await feed.log() == []


async def test_no_log_line_shows_more_of_a_url_than_its_host(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async with served(tmp_path, status(410)) as (feed, _):
        secret = (await feed.read_endpoint()).secrets[0].key
        await feed.put(A)
        await feed.serve()
    shown = "".join(capfd.readouterr())
    assert "127.0.0.1" in shown
    assert "/hook" not in shown
    assert secret not in shown
    assert REGION in str(event_of(A))


def test_a_progress_without_anything_begins_at_the_beginning() -> None:
    assert Progress().cursor == ""
