"""Messages, what a restore holds back, and the channel."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from services.notifications.api.parameters import After, AgencyAsked, Limit, PersonInPath, RegionAsked, region_for
from services.notifications.kinds import CONTACT, MESSAGE
from services.notifications.messages.message import MessageStatus
from services.notifications.messages.writing import message_id
from services.notifications.reminders import restore_hold as holding
from services.notifications.reminders.due import Due, DueList
from services.notifications.sending.health import ChannelHealth
from services.notifications.views import ChannelAnswer, HeldAlert, HeldAnswer, MessageAnswer, Messages
from shared.auth.policy import Principal, Role, allow
from shared.faults import NotFound
from shared.ports.store import Document, OneOf, Store
from shared.web.paging import paged
from shared.web.preconditions import etag

Keeper = Annotated[Principal, allow(Role.CURATOR, Role.OPERATOR)]
Operator = Annotated[Principal, allow(Role.OPERATOR)]
NumberInPath = Annotated[int, Path(ge=1, le=1_000_000, description="The message's number, from 1.")]


class MessagesRoutes:
    """Answers for `/messages`, `/held` and `/channel`."""

    def __init__(self, store: Store, question: DueList, health: ChannelHealth, channel: str) -> None:
        self._store = store
        self._question = question
        self._health = health
        self._channel = channel

    def routes(self) -> APIRouter:
        """Its routes."""
        router = APIRouter(tags=["messages"])
        router.add_api_route("/messages", self.list_messages, methods=["GET"], response_model=Messages)
        router.add_api_route(
            "/messages/{person}/{number}", self.read_message, methods=["GET"], response_model=MessageAnswer
        )
        router.add_api_route("/held", self.list_held, methods=["GET"], response_model=HeldAnswer)
        router.add_api_route("/channel", self.read_channel, methods=["GET"], response_model=ChannelAnswer)
        return router

    async def list_messages(
        self,
        *,
        who: Keeper,
        request: Request,
        response: Response,
        region: RegionAsked = None,
        agency: AgencyAsked = None,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """Messages with their attempts. Those that tell of one agency: a page may hold fewer than `limit`."""
        mine = region_for(who, region)
        where: dict[str, Any] = {} if mine is None else {"region": mine}
        if agency is not None:
            where["person"] = OneOf(await self._people(mine, agency))
        page = await self._store.find(MESSAGE.name, where, limit=limit, after=after)
        items = [MessageAnswer.of(each) for each in page.documents if agency is None or _tells_of(each, agency)]
        return paged(request, response, items, page.after)

    async def read_message(
        self, *, who: Keeper, response: Response, person: PersonInPath, number: NumberInPath
    ) -> MessageAnswer:
        """One message."""
        document = await self._store.get(MESSAGE.name, message_id(person, number))
        if document is None:
            raise NotFound("Pesan ini tidak ada.")
        who.require_region(document.state["region"])
        etag(response, document.sequence)
        return MessageAnswer.of(document)

    async def list_held(self, *, who: Operator) -> HeldAnswer:
        """What waits for the operator's decision after a restore."""
        del who
        hold = await holding.active(self._store)
        alerts: list[HeldAlert] = []
        if hold is not None:
            async for answer in self._question.ask():
                if isinstance(answer, Due):
                    alerts += [
                        HeldAlert(person=answer.person, region=answer.region, alert=alert) for alert in answer.held
                    ]
        page = await self._store.find(MESSAGE.name, {"status": MessageStatus.HELD.value}, limit=1000)
        return HeldAnswer(
            since=hold.restored_at if hold else None,
            alerts=alerts,
            messages=[MessageAnswer.of(each) for each in page.documents],
        )

    async def read_channel(self, *, who: Operator) -> ChannelAnswer:
        """Whether messages can be handed over at all."""
        del who
        code = await self._health.why_stopped()
        return ChannelAnswer(name=self._channel, stopped=code is not None, code=code)

    async def _people(self, region: str | None, agency: str) -> list[str]:
        """Everybody who is or was a contact of the agency."""
        where = {} if region is None else {"region": region}
        return [
            row.id async for row in self._store.scan(CONTACT.name, where, ("agencies",)) if agency in row["agencies"]
        ]


def _tells_of(message: Document, agency: str) -> bool:
    return any(alert["agency"] == agency for alert in message.state["alerts"])
