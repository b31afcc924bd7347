"""A channel that answers by the script of the world, records every hand-over, and reports later what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.messages.receipt import Receipt, ReceiptState
from services.notifications.sending.channel import HandOver
from tests.support.year.provider import EMAIL, LaterReceipt, Reply, World

REFUSED_CODE = {ChannelName.EMAIL: "5.1.1", ChannelName.WHATSAPP: "131026"}
_ANSWERS = {
    Reply.AWAY: Answer(AnswerClass.AWAY, "refused"),
    Reply.BUSY: Answer(AnswerClass.TRANSIENT, "busy"),
}


@dataclass(frozen=True)
class Recorded:
    """One hand-over that the provider took, or refused for its address."""

    at: datetime
    channel: str
    message: HandOver
    refused: bool
    fallback: bool
    bounced: bool


@dataclass(frozen=True)
class Planned:
    """A receipt that the provider will send."""

    at: datetime
    receipt: Receipt


class Watcher(Protocol):
    """Told of everything that the provider does."""

    def record(self, recorded: Recorded) -> None:
        """A hand-over was made."""

    def plan(self, planned: Planned) -> None:
        """A receipt will come."""

    async def is_fallback(self, attempt: str) -> bool:
        """Whether the attempt (its id) that was just opened is a second copy."""


class FakeChannel:
    """One channel of the world. now: the present moment."""

    at_once = 4
    per_second = None
    driver = "fake"

    def __init__(self, name: ChannelName, world: World, now: Callable[[], datetime], watcher: Watcher) -> None:
        self.name = name
        self.has_receipts = name is ChannelName.WHATSAPP
        self._world = world
        self._now = now
        self._watcher = watcher

    async def hand_over(self, message: HandOver) -> Answer:
        """As the world answers at this moment."""
        now = self._now()
        reply = self._world.reply(self.name.value, message.to, now)
        if reply in _ANSWERS:
            return _ANSWERS[reply]
        refused = reply is Reply.REFUSED
        fallback = await self._watcher.is_fallback(message.attempt)
        later = self._world.receipt(self.name.value, message.to, now)
        bounced = not refused and later is not None and later.bad
        self._watcher.record(Recorded(now, self.name.value, message, refused, fallback, bounced))
        if refused:
            return Answer(AnswerClass.RECIPIENT, REFUSED_CODE[self.name])
        if later is not None:
            self._plan_receipt(message, later)
        return Answer(AnswerClass.ACCEPTED, provider_id=f"id-{message.attempt}")

    async def close(self) -> None:
        """Nothing is open."""

    def _plan_receipt(self, message: HandOver, later: LaterReceipt) -> None:
        at = round(later.at.timestamp() * 1000)
        state = ReceiptState.FAILED if later.bad else ReceiptState.DELIVERED
        # a bounce names the mail, a status of WhatsApp names the attempt
        named = {"mail": message.content.mail} if self.name.value == EMAIL else {"attempt": message.attempt}
        receipt = Receipt(
            id=f"{message.attempt}-{state}",
            channel=self.name.value,
            state=state,
            at=at,
            code=REFUSED_CODE[self.name] if later.bad else "",
            answer=AnswerClass.RECIPIENT if later.bad else None,
            **named,
        )
        self._watcher.plan(Planned(later.at, receipt))
