"""Messages are found by indexes: a page costs what it shows, whatever there is beside it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.membership import Membership
from services.notifications.contacts.repositories import membership_repository
from services.notifications.kinds import KINDS, MESSAGE
from services.notifications.messages.attempt import Attempt
from services.notifications.messages.finding import MessageFilter, MessageFinder
from services.notifications.messages.index import MANY, through_of, through_with, whats_of
from services.notifications.messages.message import NEVER, Message, MessageStatus
from shared.adapters.sqlite.store import SqliteStore
from shared.contracts.message import Alert, Reason
from shared.contracts.vocabulary import ReasonKind
from shared.ports.store import Page

REGION, OTHER = "61.12", "61.71"
MANY_MESSAGES = 5_000
WHATS = ("before-30", "before-7", "overdue", "returned", "verified", "scored", "confirm", "moved")
AGENCIES = [f"agency-{number}" for number in range(40)]


class CountingStore(SqliteStore):
    """documents: how many `find` has given."""

    documents = 0

    async def find(self, kind: str, *args: Any, **how: Any) -> Page:  # noqa: ANN401 - as the store's
        page = await super().find(kind, *args, **how)
        self.documents += len(page.documents) if kind == MESSAGE.name else 0
        return page


def a_message(dice: random.Random, number: int) -> Message:
    agency = number % len(AGENCIES)
    count = dice.choices([1, 2, 3, 4, 5], [60, 20, 10, 6, 4])[0]
    whats = dice.sample(WHATS, count) if number % 500 else ["cancelled"]
    channels = dice.choice([(), ("email",), ("whatsapp",), ("whatsapp", "email"), ("email", "email")])
    rare = number % 701 == 0
    return Message.of(
        person=f"person-{agency}",
        number=number,
        region=OTHER if number % 10 == 0 else REGION,
        as_of="2026-12-01",
        mail=f"mail-{number}",
        alerts=tuple(
            Alert(
                id=f"{number}-{what}",
                reason=Reason(kind=ReasonKind.DUTY, what=what, region=REGION, agency=AGENCIES[agency], year=2026),
            )
            for what in whats
        ),
        attempts=tuple(
            Attempt(number=place, channel=each, opened_at=1, lease_until=2, possibly_repeated=False)
            for place, each in enumerate(channels, 1)
        ),
        status=MessageStatus.FAILED if rare else dice.choice([MessageStatus.SENT, MessageStatus.DELIVERED]),
        taken_at=1_700_000_000_000 + dice.randrange(MANY_MESSAGES // 2) * 1000,
        due=NEVER,
    )


@cache
def messages() -> list[Message]:
    """Made by the first test that needs them, not when the tests are collected."""
    return [a_message(random.Random(number), number) for number in range(1, MANY_MESSAGES + 1)]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("messages")
    asyncio.run(fill(folder))
    return folder


async def fill(folder: Path) -> None:
    store = SqliteStore(folder / "notifications.sqlite")
    await store.open(KINDS)
    stored = [
        {
            "_id": f"{each.person}/{each.number}",
            "schema": MESSAGE.schema,
            "sequence": 1,
            "state": each.model_dump(mode="json"),
            "outbox": [],
            "last_event": None,
            "outbox_since": None,
        }
        for each in messages()
    ]
    await store.load(MESSAGE.name, stored)
    for number, agency in enumerate(AGENCIES):
        person = f"person-{number}"
        membership = Membership(agency=agency, person=person, region=REGION)
        await membership_repository(store).create(f"{agency}/{person}", membership)
    await store.close()


@pytest.fixture
async def store(full: Path) -> AsyncIterator[CountingStore]:
    store = CountingStore(full / "notifications.sqlite")
    await store.open(KINDS)
    yield store
    await store.close()


def wanted_of(where: MessageFilter) -> list[str]:
    """Looked for in all of them, newest first."""
    found = [
        each
        for each in messages()
        if where.region in (None, each.region)
        and (where.agency is None or each.alerts[0].reason.agency == where.agency)
        and where.status in (None, each.status)
        and (where.what is None or any(alert.reason.what == where.what for alert in each.alerts))
        and (where.channel is None or any(attempt.channel == where.channel for attempt in each.attempts))
    ]
    ids = [(each.taken_at, f"{each.person}/{each.number}") for each in found]
    return [id for _, id in sorted(ids, reverse=True)]


BY_REGION = [
    MessageFilter(region=REGION),
    MessageFilter(region=REGION, what="before-30"),
    MessageFilter(region=REGION, what="verified"),
    MessageFilter(region=REGION, what="cancelled"),
    MessageFilter(region=REGION, what="weekly"),
    MessageFilter(region=REGION, channel=ChannelName.WHATSAPP),
    MessageFilter(region=REGION, channel=ChannelName.EMAIL),
    MessageFilter(region=REGION, status=MessageStatus.FAILED),
    MessageFilter(region=REGION, status=MessageStatus.FAILED, what="before-30"),
    MessageFilter(region=REGION, what="moved", channel=ChannelName.EMAIL),
    MessageFilter(region=REGION, status=MessageStatus.SENT, what="returned", channel=ChannelName.WHATSAPP),
]
OTHERS = [
    MessageFilter(what="overdue"),
    MessageFilter(channel=ChannelName.EMAIL),
    MessageFilter(region=REGION, agency=AGENCIES[3]),
    MessageFilter(region=REGION, agency=AGENCIES[3], what="returned", status=MessageStatus.SENT),
    MessageFilter(agency=AGENCIES[4], channel=ChannelName.WHATSAPP),
]


@pytest.mark.parametrize("where", BY_REGION)
async def test_a_page_reads_about_what_it_shows_among_five_thousand_messages(
    where: MessageFilter, store: CountingStore
) -> None:
    finder, expected, limit = MessageFinder(store), wanted_of(where), 50
    shown: list[str] = []
    after: str | None = None
    for _ in range(5):
        store.documents = 0

        page = await finder.page(where, limit=limit, after=after)

        shown += [each.id for each in page.items]
        assert len(page.items) == min(limit, len(expected) - len(shown) + len(page.items))
        many = sum(message.what_2 == MANY for message in messages()) if where.what and len(page.items) < limit else 0
        assert store.documents <= 3 * limit + many, "a rare reason is looked for in the few messages with very many"
        after = page.after
        if after is None:
            break
    assert shown == expected[: len(shown)]
    assert after is not None or shown == expected


@pytest.mark.parametrize("where", [*BY_REGION, *OTHERS])
@pytest.mark.parametrize("limit", [7, 100])
async def test_pages_together_are_exactly_what_is_wanted(
    where: MessageFilter, limit: int, store: CountingStore
) -> None:
    shown: list[str] = []
    after: str | None = None
    while True:
        page = await MessageFinder(store).page(where, limit=limit, after=after)
        assert len(page.items) <= limit
        shown += [each.id for each in page.items]
        after = page.after
        if after is None:
            break
    assert shown == wanted_of(where)


def test_what_a_message_is_indexed_by() -> None:
    assert whats_of([]) == {"what_1": "", "what_2": ""}
    assert whats_of(["b", "a", "b"]) == {"what_1": "a", "what_2": "b"}
    assert whats_of("dcba") == {"what_1": "a", "what_2": MANY}
    assert through_of(["whatsapp", "email", "whatsapp"]) == "email+whatsapp"
    assert through_with("email", ["email", "whatsapp"]) == ["email", "email+whatsapp"]
