"""Changes the mode once it is confirmed: who makes alerting live must say how many persons get how many messages."""

from __future__ import annotations

from dataclasses import dataclass

from services.notifications.kinds import MESSAGE
from services.notifications.messages.message import MessageStatus
from services.notifications.reminders.alerting import Alerting, ModeInForce
from services.notifications.reminders.due import DueList
from services.notifications.reminders.mode import AlertingMode, Mode
from services.notifications.reminders.reminder import Reminder
from shared.faults import Conflict, Flaw, Invalid
from shared.ports.store import OneOf, Store

_UNSENT = OneOf([MessageStatus.WAITING.value, MessageStatus.OPEN.value])


class NotConfirmed(Conflict):
    """The numbers of persons and messages are missing, or are not those of now (HTTP 409)."""

    slug = "alerting-not-confirmed"


@dataclass(frozen=True)
class Effect:
    """What a mode would send at once: messages to persons; waiting: of these messages, those that exist already."""

    persons: int
    messages: int
    waiting: int = 0


class GoingLive:
    """Counts, asks and changes. For LIVE, there must be channels, and a public_url so that links in messages work."""

    def __init__(
        self, store: Store, due_list: DueList, alerting: Alerting, *, has_channels: bool, public_url: str
    ) -> None:
        self._store = store
        self._due_list = due_list
        self._alerting = alerting
        self._has_channels = has_channels
        self._public_url = public_url

    async def effect(self, mode: AlertingMode) -> Effect:
        """Who would get something, today, if `mode` were in force: what is due, and the messages that wait."""
        persons: set[str] = set()
        waiting = due = 0
        async for row in self._store.scan(MESSAGE.name, {"status": _UNSENT}, ("person",)):
            if mode.reaches(row["person"]):
                persons.add(row["person"])
                waiting += 1
        async for entry in self._due_list.entries(mode=mode):
            if isinstance(entry, Reminder) and entry.alerts and mode.reaches(entry.person):
                persons.add(entry.person)
                due += len(entry.messages)
        return Effect(len(persons), waiting + due, waiting)

    async def change(
        self, mode: Mode, allowed: tuple[str, ...], by: str, confirmed: tuple[int, int] | None
    ) -> ModeInForce:
        """Set the mode. confirmed: (persons, messages) that the caller expects; needed for LIVE. Raises NotConfirmed,
        Conflict, Invalid."""
        if mode is Mode.ALLOW_LIST and not allowed:
            raise Invalid([Flaw("allowed", "missing", "sebutkan sedikitnya satu orang")])
        in_force = await self._alerting.in_force()
        if mode is Mode.LIVE and in_force.mode.mode is not Mode.LIVE:
            await self._require(in_force, confirmed)
        return await self._alerting.set_mode(mode, allowed, by)

    async def _require(self, in_force: ModeInForce, confirmed: tuple[int, int] | None) -> None:
        if in_force.forced or not self._has_channels:
            raise Conflict("Layanan ini berjalan tanpa kanal pengiriman: atur kanalnya lebih dahulu.")
        if not self._public_url:
            raise Conflict("PUBLIC_URL belum diatur: pesan tidak akan memuat tautan yang berfungsi.")
        effect = await self.effect(AlertingMode(mode=Mode.LIVE))
        if confirmed != (effect.persons, effect.messages):
            raise NotConfirmed(
                f"Mode live akan segera mengirim {effect.messages} pesan kepada {effect.persons} orang; "
                f"ulangi dengan confirm persons={effect.persons} dan messages={effect.messages}."
            )
