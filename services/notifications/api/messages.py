"""The `/messages`, `/held` and `/channel` routes."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Request, Response

from services.notifications.api.parameters import AgencyFilter, PersonInPath, RegionFilter, region_for
from services.notifications.kinds import CONTACT
from services.notifications.messages.message import MessageStatus
from services.notifications.messages.repositories import message_repository
from services.notifications.messages.writing import message_id
from services.notifications.reminders.after_restore import active_hold
from services.notifications.reminders.due import DueList
from services.notifications.reminders.reminder import Reminder
from services.notifications.sending.health import ChannelHealth
from services.notifications.views import ChannelAnswer, HeldAlert, HeldAnswer, MessageAnswer, Messages
from shared.auth.policy import Role
from shared.ports.store import OneOf, Store
from shared.web.paging import paged
from shared.web.preconditions import etag
from shared.web.routes import After, Limit, Routes, Who, get

NumberInPath = Annotated[int, Path(ge=1, le=1_000_000, description="The message's number, from 1.")]


class MessageRoutes(Routes):
    """channel: the name of the channel in use."""

    tag = "messages"

    def __init__(self, store: Store, due_list: DueList, health: ChannelHealth, channel: str) -> None:
        self._store = store
        self._messages = message_repository(store)
        self._due_list = due_list
        self._health = health
        self._channel = channel

    @get("/messages", Role.CURATOR, Role.OPERATOR, response_model=Messages)
    async def list_messages(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        region: RegionFilter = None,
        agency: AgencyFilter = None,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """List messages with their attempts. With `agency`, a page may have fewer items than `limit`."""
        limited_to = region_for(who, region)
        where: dict[str, Any] = {} if limited_to is None else {"region": limited_to}
        if agency is not None:
            where["person"] = OneOf(await self._people(limited_to, agency))
        page = await self._messages.list(where, limit=limit, after=after)
        messages = [each.value for each in page.items]
        items = [
            MessageAnswer.of(message)
            for message in messages
            if agency is None or any(alert.reason.agency == agency for alert in message.alerts)
        ]
        return paged(request, response, items, page.after)

    @get("/messages/{person}/{number}", Role.CURATOR, Role.OPERATOR)
    async def read_message(
        self, *, who: Who, response: Response, person: PersonInPath, number: NumberInPath
    ) -> MessageAnswer:
        """Read one message."""
        found = await self._messages.get(message_id(person, number))
        who.require_region(found.value.region)
        etag(response, found.sequence)
        return MessageAnswer.of(found.value)

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

    async def _people(self, region: str | None, agency: str) -> list[str]:
        """The ids of all present and erased contacts of the agency."""
        where = {} if region is None else {"region": region}
        rows = self._store.scan(CONTACT.name, where, ("agencies",))
        return [row.id async for row in rows if agency in row["agencies"]]
