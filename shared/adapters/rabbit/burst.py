"""Sends many messages on one channel in one write, each with a confirm of its own.

The client's `basic_publish` takes two locks, two timeouts and a wait for the socket per message, some 100 µs; this
writes the same frames and notes the same confirms, some 20 µs. It uses what the client's channel keeps under public
names (aiormq 7.2: `lock`, `write_queue`, `delivery_tag`, `confirmations`, `message_id_delivery_tag`); the contract
suite of the bus fails when a release of the client changes them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import cast

from aio_pika import DeliveryMode
from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import DeliveryError, PublishError
from aiormq.abc import ChannelFrame
from aiormq.channel import Channel
from pamqp.body import ContentBody
from pamqp.commands import Basic
from pamqp.header import ContentHeader

from shared.adapters.rabbit.publication import CONTENT_TYPE, Publication
from shared.faults import BusAway, Unconfirmed, Unroutable
from shared.ports.bus import Fate

Confirmation = asyncio.Future[object]
"""Ends as the client's publish does: with the broker's frame, with the client's error, or cancelled."""

_Frames = list[Basic.Publish | ContentHeader | ContentBody]


async def send(channel: AbstractChannel, publications: Sequence[Publication]) -> list[Confirmation]:
    """Send them in order; one confirmation for each, which the caller waits for. channel: in confirm mode. No two of
    them, nor one that is in flight on the channel, may have the same id. Raises the client's errors; then, and when
    cancelled, nothing was sent."""
    under = cast("Channel", await channel.get_underlay_channel())
    frames: _Frames = []
    for each in publications:
        frames += _frames(each, under.max_content_size)
    async with under.lock:
        await under.write_queue.put(ChannelFrame.marshall(under.number, frames))
        return [_expected(under, each.id) for each in publications]  # before the writer's turn: nothing awaits here


def answer(publication: Publication, confirmation: Confirmation, lost: BusAway) -> Fate:
    """What became of it. lost: if there is no answer."""
    if not confirmation.done() or confirmation.cancelled():
        return lost
    match confirmation.exception() or confirmation.result():
        case Basic.Ack():
            return None
        case PublishError():
            return Unroutable(f"no queue takes {publication.key!r} from {publication.exchange}")
        case DeliveryError():
            return Unconfirmed(f"{publication.what}: a queue did not take the message")
        case BaseException():
            return lost
        case other:
            return Unconfirmed(f"{publication.what}: {type(other).__name__} instead of a confirm")


def _frames(publication: Publication, most: int) -> _Frames:
    """most: bytes of the body in one frame."""
    body = publication.body
    properties = Basic.Properties(
        content_type=CONTENT_TYPE,
        headers=dict(publication.headers),
        delivery_mode=DeliveryMode.PERSISTENT.value,
        message_id=publication.id,
    )
    return [
        Basic.Publish(exchange=publication.exchange, routing_key=publication.key, mandatory=publication.mandatory),
        ContentHeader(properties=properties, body_size=len(body)),
        *(ContentBody(body[start : start + most]) for start in range(0, len(body), most)),
    ]


def _expected(channel: Channel, id: str) -> Confirmation:
    channel.delivery_tag += 1
    tag = channel.delivery_tag
    confirmation: Confirmation = channel.create_future()
    channel.confirmations[tag] = confirmation
    channel.message_id_delivery_tag[id] = tag
    confirmation.add_done_callback(partial(_forget, channel, id, tag))
    return confirmation


def _forget(channel: Channel, id: str, tag: int, _: Confirmation) -> None:
    if channel.message_id_delivery_tag.get(id) == tag:
        del channel.message_id_delivery_tag[id]
