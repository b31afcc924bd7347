"""Events by pages: the bytes as they were received, in the order of the feed, within the token's scope."""

from __future__ import annotations

import asyncio
import json

import httpx2
import pytest

from services.feed.api import lapse
from shared.clock import machine_ms, machine_seconds
from tests.contract.feed.served_feed import ACCOUNTS, ServedFeed, body_of

SOME = ("innovation/a", "obligation/b", "innovation/c")


def subjects(answer: httpx2.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [event["subject"] for event in answer.json()["events"]]


async def test_a_page_has_the_bytes_that_the_feed_received(feed: ServedFeed) -> None:
    await feed.place(*SOME)

    answer = await feed.get("/events")

    assert subjects(answer) == list(SOME)
    assert all(body_of(subject, pad="") in answer.content for subject in SOME)
    assert answer.json()["more"] is False
    assert answer.json()["complete"] is False
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_reader_follows_the_cursor_or_the_link_to_the_end_and_on(feed: ServedFeed) -> None:
    await feed.place(*SOME)

    first = await feed.get("/events?limit=2&subjects=innovation,obligation")
    link = first.headers["link"].partition(">")[0].removeprefix("<").removeprefix("/feed/v1")
    second = await feed.get(link)

    assert (subjects(first), first.json()["more"]) == (list(SOME[:2]), True)
    assert "subjects=innovation" in link
    assert link.endswith(first.json()["cursor"])
    assert (subjects(second), second.json()["more"]) == (list(SOME[2:]), False)
    assert "link" not in second.headers
    await feed.place("innovation/d")
    assert subjects(await feed.get(f"/events?after={second.json()['cursor']}")) == ["innovation/d"]
    assert subjects(await feed.get("/events?after=")) == [*SOME, "innovation/d"]


async def test_everybody_sees_their_part_and_no_more(feed: ServedFeed) -> None:
    await feed.place("innovation/here", "region/here", "innovation/here-too")
    await feed.place("innovation/city", region="61.71")
    await feed.place("innovation/province", region="61")
    await feed.place("innovation/far", "region/far", region="64.71")

    seen = {who: subjects(await feed.get("/events", who)) for who in ACCOUNTS if who != "agency"}

    here = ["innovation/here", "innovation/here-too"]
    province = [*here, "innovation/city", "innovation/province"]
    everything = [here[0], "region/here", *province[1:], "innovation/far", "region/far"]
    assert seen == {
        "everywhere": [*province, "innovation/far"],
        "region": here,
        "province": province,
        "curator": [here[0], "region/here", here[1]],
        "executive": [here[0], "region/here", here[1]],
        "operator": everything,
    }
    assert subjects(await feed.get("/events?region=61", "province")) == ["innovation/province"]
    assert subjects(await feed.get("/events?subjects=region&region=64.71", "operator")) == ["region/far"]


async def test_who_may_not_read_is_refused(feed: ServedFeed) -> None:
    for path in ("/events", "/stream"):
        statuses = [
            (await feed.client.get(path)).status_code,
            (await feed.get(path, "agency")).status_code,
            (await feed.get(f"{path}?region=61.71", "region")).status_code,
            (await feed.get(f"{path}?subjects=region", "province")).status_code,
            (await feed.get(f"{path}?region=64.71", "province")).status_code,
            (await feed.get(f"{path}?region=61.71", "curator")).status_code,
        ]

        assert statuses == [401, 403, 403, 403, 403, 403]


BAD = [
    "limit=0",
    "limit=501",
    "limit=x",
    "limit=",
    "wait=-1",
    "wait=31",
    "wait=0.5",
    "subjects=",
    "subjects=message",
    "subjects=innovation,%00",
    "subjects=" + "innovation," * 60,
    "region=",
    "region=61.1",
    "region=61.12%00",
    "region=%00",
    "region=61.12%0A",
    "after=garbage",
    "after=%00",
    "after=%F0%9F%92%A9",
    "after=" + "0" * 300,
    "after=3f9a1c0b77de-",
    "after=3f9a1c0b77de-1ffffffffffffffff",
    "after=-1",
    "before=1",
]


async def test_a_parameter_that_makes_no_sense_is_named(feed: ServedFeed) -> None:
    events = [f"/events?{query}" for query in BAD]
    streams = [f"/stream?{query}" for query in BAD if not query.startswith(("limit", "wait"))]
    for path in events + streams:
        answer = await feed.get(path)

        name = path.partition("?")[2].partition("=")[0]
        assert (answer.status_code, path) == (422, path)
        assert answer.json()["type"] == "/problems/invalid"
        assert {flaw["field"] for flaw in answer.json()["flaws"]} == {name}, path


async def test_a_cursor_of_a_former_generation_is_told_to_begin_again(feed: ServedFeed) -> None:
    await feed.place(*SOME)
    cursor = (await feed.get("/events")).json()["cursor"]
    await feed.marks.rebuild()

    for path in ("/events", "/stream"):
        answer = await feed.get(f"{path}?after={cursor}")

        assert answer.status_code == 410
        assert answer.json()["type"] == "/problems/feed-restarted"
        assert "dari awal" in answer.json()["detail"]


async def poll(
    feed: ServedFeed, query: str = "", who: str = "everywhere", wait: int = 20
) -> asyncio.Task[httpx2.Response]:
    """A poll that waits."""
    cursor = (await feed.get("/events", who)).json()["cursor"]
    before = feed.places.held
    task = asyncio.create_task(feed.get(f"/events?wait={wait}&after={cursor}{query}", who))
    await feed.waiting(before + 1)
    return task


async def test_a_poll_answers_with_what_comes_and_gives_its_place_back(feed: ServedFeed) -> None:
    await feed.place(*SOME)
    polling = await poll(feed, "&subjects=innovation")
    await feed.place("obligation/other")
    await feed.place("innovation/new")

    answer = await polling

    assert subjects(answer) == ["innovation/new"]
    assert feed.places.held == 0
    assert subjects(await feed.get(f"/events?after={answer.json()['cursor']}")) == []


async def test_a_poll_without_a_wait_or_with_something_to_read_does_not_wait(feed: ServedFeed) -> None:
    assert subjects(await feed.get("/events?wait=0")) == []
    await feed.place(*SOME)
    assert subjects(await feed.get("/events?wait=30")) == list(SOME)


async def test_a_poll_that_sees_nothing_ends_with_an_empty_page(feed: ServedFeed) -> None:
    began = machine_seconds()
    answer = await feed.get("/events?wait=1")

    assert subjects(answer) == []
    assert 0.9 < machine_seconds() - began < 5
    assert "link" not in answer.headers


async def test_a_poll_ends_with_its_token(feed: ServedFeed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lapse, "ASK_AGAIN", 0.01)
    polling = await poll(feed)

    del feed.accounts["everywhere"]

    assert subjects(await asyncio.wait_for(polling, 5)) == []
    feed.accounts["everywhere"] = ended = type(ACCOUNTS["region"])(
        **{**ACCOUNTS["everywhere"].__dict__, "expires": machine_ms() // 1000 + 1}
    )
    assert ended.expires is not None
    began = machine_seconds()
    assert subjects(await feed.get("/events?wait=30")) == []
    assert machine_seconds() - began < 5


async def test_a_poll_ends_at_once_when_the_process_stops(feed_on_a_port: ServedFeed) -> None:
    feed = feed_on_a_port
    polling = await poll(feed, wait=30)
    began = machine_seconds()

    assert feed.server is not None
    await feed.server.end()

    assert subjects(await polling) == []
    assert machine_seconds() - began < 1.5


async def test_a_client_that_goes_away_gives_its_place_back(feed_on_a_port: ServedFeed) -> None:
    feed = feed_on_a_port
    polling = await poll(feed)

    polling.cancel()

    await feed.waiting(0)


async def test_an_account_waits_at_four_places_and_is_told_when_to_come_back(feed: ServedFeed) -> None:
    polls = [await poll(feed) for _ in range(4)]

    fifth = await feed.get("/events?wait=5")
    stream = await feed.get("/stream")
    other = await feed.get("/events?wait=1", "region")

    assert fifth.status_code == stream.status_code == 429
    assert int(fifth.headers["retry-after"]) > 0
    assert fifth.json()["type"] == "/problems/quota-spent"
    assert other.status_code == 200
    await feed.place("innovation/end")
    assert [subjects(await each) for each in polls] == [["innovation/end"]] * 4


async def test_many_events_at_once_are_cut_into_pages(feed: ServedFeed) -> None:
    polling = await poll(feed, "&limit=1")
    await asyncio.gather(*(feed.place(f"innovation/{number}") for number in range(5)))

    answer = await polling

    found = subjects(answer)
    while answer.json()["more"] or len(found) < 5:
        answer = await feed.get(f"/events?limit=2&wait=5&after={answer.json()['cursor']}")
        found += subjects(answer)
    assert sorted(found) == [f"innovation/{number}" for number in range(5)]
    assert json.loads(answer.content)["complete"] is False
