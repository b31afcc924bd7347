"""Acks the messages of one consumer's channel; acks that come together are written together.

A quorum queue writes each ack frame into its log: one frame with `multiple` for all messages up to a tag costs as much
as one for a single message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from aiormq.abc import ChannelFrame
from aiormq.channel import Channel
from pamqp.commands import Basic

from shared.adapters.rabbit.errors import limited, sentence
from shared.faults import BusAway


class AckFrames:
    """The frames that ack messages. On a channel the broker numbers deliveries 1, 2, 3 …"""

    def __init__(self) -> None:
        self._upto = 0  # all deliveries up to this one are acked
        self._beyond: set[int] = set()  # acked ones that are not next to it

    def frames(self, tags: Iterable[int]) -> list[Basic.Ack]:
        """Frames that ack exactly these deliveries, none of which was acked before."""
        left = set(tags)
        self._beyond |= left
        while self._upto + 1 in self._beyond:
            self._upto += 1
            self._beyond.discard(self._upto)
        row = {tag for tag in left if tag <= self._upto}
        frames = [Basic.Ack(max(row), multiple=len(row) > 1)] if row else []
        return frames + [Basic.Ack(tag) for tag in sorted(left - row)]


class Acks:
    """The acks of one channel. what: the operation, for the sentences of faults; seconds: the time limit of a write."""

    def __init__(self, channel: Channel, what: str, seconds: float) -> None:
        self._channel = channel
        self._what = what
        self._seconds = seconds
        self._frames = AckFrames()
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._writing: set[asyncio.Task[None]] = set()

    def ack(self, tag: int) -> asyncio.Future[None]:
        """Done when the ack is written to the socket, or with BusAway. It is written also when nobody waits."""
        written = asyncio.get_running_loop().create_future()
        self._waiting[tag] = written
        if len(self._waiting) == 1:
            writing = asyncio.create_task(self._write(), name=self._what)
            self._writing.add(writing)
            writing.add_done_callback(self._writing.discard)
        return written

    async def _write(self) -> None:
        batch, self._waiting = self._waiting, {}
        fault: BusAway | None = None
        try:
            async with limited(self._what, self._seconds):
                drained = self._channel.create_future()
                frames = self._frames.frames(batch)
                await self._channel.write_queue.put(ChannelFrame.marshall(self._channel.number, frames, drained))
                await drained
        except BusAway as away:
            fault = away
        except Exception as error:  # noqa: BLE001 - the client's reason for a closed channel may be any; nobody may hang
            fault = BusAway(f"{self._what}: {sentence(error)}")
        for written in batch.values():
            if written.done():
                continue
            if fault is None:
                written.set_result(None)
            else:
                written.set_exception(BusAway(fault.detail))
