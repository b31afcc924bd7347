"""The `/held` and `/channel` routes: what waits for the operator, and whether messages can leave."""

from __future__ import annotations

from services.notifications.messages.message import MessageStatus
from services.notifications.messages.repositories import message_repository
from services.notifications.messages.views import MessageAnswer
from services.notifications.reminders.after_restore import active_hold
from services.notifications.reminders.due import DueList
from services.notifications.reminders.reminder import Reminder
from services.notifications.sending.health import ChannelHealth
from services.notifications.views import ChannelAnswer, HeldAlert, HeldAnswer
from shared.auth.policy import Role
from shared.ports.store import Store
from shared.web.routes import Routes, get


class HeldRoutes(Routes):
    """channel: the name of the channel in use."""

    tag = "messages"

    def __init__(self, store: Store, due_list: DueList, health: ChannelHealth, channel: str) -> None:
        self._store = store
        self._messages = message_repository(store)
        self._due_list = due_list
        self._health = health
        self._channel = channel

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
