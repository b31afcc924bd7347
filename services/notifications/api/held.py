"""The `/held`, `/channel` and `/channels` routes: what waits for the operator, and whether messages can leave."""

from __future__ import annotations

from services.notifications.messages.message import MessageStatus
from services.notifications.messages.repositories import message_repository
from services.notifications.messages.views import MessageAnswer
from services.notifications.reminders.after_restore import active_hold
from services.notifications.reminders.due import DueList
from services.notifications.reminders.reminder import Reminder
from services.notifications.sending.channels import Channels
from services.notifications.sending.choose import LOG
from services.notifications.views import ChannelAnswer, ChannelsAnswer, HeldAlert, HeldAnswer
from shared.auth.policy import Role
from shared.clock import machine_ms
from shared.ports.store import Store
from shared.web.routes import Routes, get


class HeldRoutes(Routes):
    """What the operator must know of sending."""

    tag = "messages"

    def __init__(self, store: Store, due_list: DueList, channels: Channels) -> None:
        self._store = store
        self._messages = message_repository(store)
        self._due_list = due_list
        self._channels = channels

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
        """The first configured channel, e-mail if there is one; `log` when none is. See `/channels`."""
        every = await self._answers()
        return every[0] if every else ChannelAnswer(name=LOG, driver="log")

    @get("/channels", Role.OPERATOR)
    async def list_channels(self) -> ChannelsAnswer:
        """Every configured channel, and what keeps it from being used."""
        return ChannelsAnswer(items=await self._answers())

    async def _answers(self) -> list[ChannelAnswer]:
        now = machine_ms()
        answers = []
        for channel in self._channels.all:
            state = await self._channels.health(channel.name).refresh()
            answers.append(ChannelAnswer.of(channel, state, now))
        return answers
