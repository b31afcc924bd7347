"""The `/messages`, `/held` and `/channel` routes."""

from __future__ import annotations

from datetime import date
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from starlette.responses import StreamingResponse

from services.notifications.api.parameters import AgencyFilter, PersonInPath, RegionFilter, region_for
from services.notifications.contacts.channel_name import ChannelName
from services.notifications.known import KnownFacts
from services.notifications.messages.export import MEDIA_TYPE, MessageExport
from services.notifications.messages.finding import MessageFilter, MessageFinder
from services.notifications.messages.message import MessageStatus
from services.notifications.messages.repositories import message_repository
from services.notifications.messages.views import MessageAnswer, MessageDetailAnswer, Messages
from services.notifications.messages.writing import message_id
from services.notifications.reminders.after_restore import active_hold
from services.notifications.reminders.due import DueList, Reminder
from services.notifications.sending.health import ChannelHealth
from services.notifications.views import ChannelAnswer, HeldAlert, HeldAnswer
from shared.auth.policy import Role
from shared.contracts.fields import RegionCode, Year
from shared.contracts.vocabulary import Zone
from shared.faults import NotFound
from shared.ports.store import Store
from shared.web.download import FileGenerator, file_answer
from shared.web.paging import paged
from shared.web.preconditions import etag
from shared.web.routes import After, Limit, Routes, Who, get

NumberInPath = Annotated[int, Path(ge=1, le=1_000_000, description="The message's number, from 1.")]
StatusFilter = Annotated[MessageStatus | None, Query(description="Only in this status.")]
WhatFilter = Annotated[
    str | None,
    Query(
        max_length=40,
        pattern="^[a-z0-9-]+$",
        description="Only with a reason of this kind: a stage (`before-30`, `overdue`), `returned`, `moved` …",
        examples=["before-30"],
    ),
]
ChannelFilter = Annotated[ChannelName | None, Query(description="Only handed over through this channel.")]
Since = Annotated[date | None, Query(description="Queued on this local day or later.", examples=["2026-11-01"])]
Until = Annotated[date | None, Query(description="Queued on this local day or earlier.", examples=["2026-11-30"])]
ExportRegion = Annotated[RegionCode, Query(description="The region's code.", examples=["61.12"])]
ExportYear = Annotated[Year, Query(description="The duty year.", examples=[2026])]


class MessageRoutes(Routes):
    """channel: the name of the channel in use."""

    tag = "messages"

    def __init__(
        self, store: Store, known_facts: KnownFacts, due_list: DueList, health: ChannelHealth, channel: str
    ) -> None:
        self._store = store
        self._messages = message_repository(store)
        self._finder = MessageFinder(store)
        self._known_facts = known_facts
        self._export = MessageExport(self._finder, known_facts)
        self._files = FileGenerator()
        self._due_list = due_list
        self._health = health
        self._channel = channel

    @get("/messages", Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR, response_model=Messages)
    async def list_messages(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        region: RegionFilter = None,
        agency: AgencyFilter = None,
        status: StatusFilter = None,
        what: WhatFilter = None,
        channel: ChannelFilter = None,
        since: Since = None,
        until: Until = None,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """List messages with their attempts, newest first; recipients are masked. With `agency`, `what` or `channel`, a
        page may have fewer items than `limit`, and still a `next`."""
        limited_to = region_for(who, region)
        wanted = MessageFilter(
            region=limited_to,
            agency=agency,
            status=status,
            what=what,
            channel=channel,
            since=since,
            until=until,
            zone=await self._zone(limited_to),
        )
        page = await self._finder.page(wanted, limit=limit, after=after)
        messages = [each.value for each in page.items]
        contacts = await self._finder.contacts_of(messages)
        items = [MessageAnswer.of(message, contacts.get(message.person)) for message in messages]
        return paged(request, response, items, page.after)

    @get("/messages/export", Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR, **file_answer(MEDIA_TYPE))
    async def export_messages(self, *, who: Who, region: ExportRegion, year: ExportYear) -> StreamingResponse:
        """The proof of all messages about a duty year as CSV, one row for each reason of each message, for the
        Inspektorat. Recipients are masked."""
        who.require_region(region)
        known = await self._known_facts.region(region)
        if known is None:
            raise NotFound("Daerah ini tidak dikenal.")
        zone = known.value.zone

        async def write(path: FilePath) -> None:
            await self._export.write(path, region, zone, year)

        return await self._files.send(who, f"pemberitahuan-{region}-{year}.csv", MEDIA_TYPE, write)

    @get("/messages/{person}/{number}", Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)
    async def read_message(
        self, *, who: Who, response: Response, person: PersonInPath, number: NumberInPath
    ) -> MessageDetailAnswer:
        """Read one message with its delivery history and what happens next."""
        found = await self._messages.get(message_id(person, number))
        who.require_region(found.value.region)
        etag(response, found.sequence)
        contacts = await self._finder.contacts_of([found.value])
        zone = await self._zone(found.value.region)
        return MessageDetailAnswer.with_history(found.value, contacts.get(person), zone)

    @get("/held", Role.OPERATOR)
    async def list_held(self) -> HeldAnswer:
        """List what is held after a restore until the operator decides."""
        hold = await active_hold(self._store)
        alerts: list[HeldAlert] = []
        if hold is not None:
            async for entry in self._due_list.entries():
                if isinstance(entry, Reminder):
                    alerts += [HeldAlert(person=entry.person, region=entry.region, alert=alert) for alert in entry.held]
        page = await self._messages.list({"status": MessageStatus.HELD.value}, limit=1000, after=None)
        return HeldAnswer(
            since=hold.restored_at if hold else None,
            alerts=alerts,
            messages=[MessageAnswer.of(each.value) for each in page.items],
        )

    @get("/channel", Role.OPERATOR)
    async def read_channel(self) -> ChannelAnswer:
        """Whether the channel is in use or stopped."""
        code = await self._health.why_stopped()
        return ChannelAnswer(name=self._channel, stopped=code is not None, code=code)

    async def _zone(self, region: str | None) -> Zone:
        known = await self._known_facts.region(region) if region else None
        return known.value.zone if known else Zone.WIB
