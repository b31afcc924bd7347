"""What providers tell about a channel: kept once, and acted upon."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.kinds import KINDS
from services.notifications.sending.channels import Channels
from services.notifications.sending.notices.book import NoticeBook
from services.notifications.sending.notices.effects import NoticeEffects, stamp_of
from services.notifications.sending.notices.notice import ChannelNotice, NoticeKind
from shared.adapters.sqlite.store import SqliteStore


def notice(id: str, *, usable: bool | None = None, template: str = "satu_pengingat_v3", at: int = 1) -> ChannelNotice:
    kind = NoticeKind.TEMPLATE_STATUS
    return ChannelNotice(id=id, channel="whatsapp", kind=kind, detail="event", template=template, usable=usable, at=at)


async def keep_nothing(_: object) -> None:
    """No receipts come here."""


async def test_a_notice_is_told_once_and_the_latest_are_shown_first(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "notifications.sqlite")
    await store.open(KINDS)
    heard: list[str] = []

    async def hear(told: ChannelNotice) -> None:
        heard.append(told.id)

    book = NoticeBook(store, hear)
    for id, at in (("a", 1), ("b", 2), ("a", 3)):
        await book.keep([notice(id, at=at)])

    assert heard == ["a", "b"]
    assert [each.id for each in await book.latest("whatsapp")] == ["b", "a"]
    assert await book.latest("email") == []
    await store.close()


async def test_a_paused_template_is_not_used_until_it_is_allowed_again(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "notifications.sqlite")
    await store.open(KINDS)
    channels = Channels(store, {}, keep_nothing)
    book = NoticeBook(store, NoticeEffects(channels))
    health = channels.health(ChannelName.WHATSAPP)

    await book.keep([notice("1", usable=False), notice("2", usable=None), notice("3", usable=False, template="x")])
    assert [each.template for each in (await health.refresh()).templates] == ["satu_pengingat@3"]

    await book.keep([notice("1", usable=False), notice("4", usable=True)])
    assert (await health.refresh()).templates == ()
    await book.keep([notice("5", usable=True)])
    await store.close()


@pytest.mark.parametrize(
    ("name", "stamp"),
    [("satu_x_v12", "satu_x@12"), ("satu_v_v1", "satu_v@1"), ("hello_world", ""), ("", ""), ("_v1", "")],
)
def test_a_providers_name_of_a_template_is_ours_with_a_version(name: str, stamp: str) -> None:
    assert stamp_of(name) == stamp
