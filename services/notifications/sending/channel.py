"""The port to a provider that delivers messages. Adapters: the files of `sending/drivers/`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.answer import Answer
from services.notifications.messages.receipt import Receipt
from services.notifications.messages.rendered import RenderedMessage

__all__ = ["Channel", "ChannelName", "HandOver", "KeepReceipts"]

KeepReceipts = Callable[[Sequence[Receipt]], Awaitable[object]]
"""Stores receipts; returns once they are durable. A receipt whose id is stored already changes nothing."""


@dataclass(frozen=True)
class HandOver:
    """One attempt. attempt: its id, `<person>/<message number>/<attempt number>`; to: the e-mail address, or the number
    in E.164; name: of the person; content: rendered for this channel; ttl: seconds after which the provider should no
    longer deliver it."""

    attempt: str
    to: str
    name: str
    content: RenderedMessage
    ttl: int


class Channel(Protocol):
    """One way to reach a person. Safe for many coroutines of one loop."""

    @property
    def name(self) -> ChannelName:
        """As events and messages name it."""

    @property
    def driver(self) -> str:
        """The kind of provider: `smtp`, `cloud-api`, `fonnte`."""

    @property
    def has_receipts(self) -> bool:
        """Whether the provider reports delivery. Without receipts an accepted message is done."""

    @property
    def at_once(self) -> int:
        """The most hand-overs in flight."""

    @property
    def per_second(self) -> float | None:
        """The most hand-overs a second that the provider allows; None: no limit."""

    async def hand_over(self, message: HandOver) -> Answer:
        """Hand the message over once, within the channel's whole timeout (far below `attempt.LEASE`). Raises nothing
        for what a provider or a network can do. UNANSWERED only when the provider may have accepted it."""

    async def close(self) -> None:
        """Close the connections. The channel may be used again."""
