"""The `/messages` routes: what was sent to whom, and the proof of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from pydantic import Field
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
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
Since = Annotated[Day | None, Query(description="Queued on this local day or later.", examples=["2026-11-01"])]
Until = Annotated[Day | None, Query(description="Queued on this local day or earlier.", examples=["2026-11-30"])]
ExportRegion = Annotated[RegionCode, Query(description="The region's code.", examples=["61.12"])]
ExportYear = Annotated[Year, Query(description="The duty year.", examples=[2026])]


class MessageRoutes(Routes):
    """Recipients are masked in every answer."""

    tag = "messages"

    def __init__(self, store: Store, known_facts: KnownFacts) -> None:
        self._messages = message_repository(store)
        self._finder = MessageFinder(store)
        self._known_facts = known_facts
        self._export = MessageExport(self._finder, known_facts)
        self._files = FileGenerator()

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
        """List messages with their attempts, newest first; recipients are masked. With `agency`, or with `what` or
        `channel` but without `region`, a page may have fewer items than `limit`, and still a `next`."""
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

    async def _zone(self, region: str | None) -> Zone:
        known = await self._known_facts.region(region) if region else None
        return known.value.zone if known else Zone.WIB
