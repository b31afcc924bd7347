"""The handler of the events that the feed keeps: of any type and version, by envelope and bytes alone."""

from __future__ import annotations

from services.feed.latest.placing import Arrived
from services.feed.latest.writer import LatestWriter
from shared.contracts.event import Event
from shared.faults import Unreadable
from shared.messaging.handlers import RawHandler
from shared.ports.bus import Delivery


def keeping(writer: LatestWriter) -> RawHandler:
    """The handler. May run any number of times for one event, in any order."""

    async def keep(event: Event, delivery: Delivery) -> None:
        try:
            body = delivery.body.decode()
        except UnicodeDecodeError as error:
            raise Unreadable(f"body: {error.reason}") from error
        arrived = Arrived(event.subject, event.type, event.region, body, event.number, delivery.redelivered)
        await writer.place(arrived)

    return keep
