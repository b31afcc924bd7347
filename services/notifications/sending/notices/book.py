"""Keeps what providers tell about their channels, and tells the operator once, by the log and a metric."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

import structlog

from services.notifications.metrics import NOTICES
from services.notifications.sending.notices.notice import ChannelNotice
from services.notifications.sending.repositories import notice_repository
from shared.ports.store import Store

Heard = Callable[[ChannelNotice], Awaitable[object]]
"""Called once for each new notice, before it is stored; may run again after a crash."""

log = structlog.get_logger("notifications")


async def nobody(_: ChannelNotice) -> None:
    """Nobody reacts to it."""


class NoticeBook:
    """heard: reacts to a new notice, for example by not using a paused template any more."""

    def __init__(self, store: Store, heard: Heard = nobody) -> None:
        self._notices = notice_repository(store)
        self._heard = heard

    async def keep(self, notices: Iterable[ChannelNotice]) -> None:
        """Store the new ones; returns once they are durable. One that is stored already changes nothing."""
        for notice in notices:
            if await self._notices.find(notice.id) is not None:
                continue
            await self._heard(notice)
            created = await self._notices.create(notice.id, notice)
            if created.changed:
                NOTICES.labels(notice.channel, notice.kind.value).inc()
                log.warning(
                    "channel.notice",
                    channel=notice.channel,
                    kind=notice.kind.value,
                    detail=notice.detail,
                    template=notice.template or None,
                )

    async def latest(self, channel: str, limit: int = 20) -> list[ChannelNotice]:
        """The latest notices of a channel, newest first."""
        page = await self._notices.list({"channel": channel}, sort=[("at", -1)], limit=limit, after=None)
        return [each.value for each in page.items]
