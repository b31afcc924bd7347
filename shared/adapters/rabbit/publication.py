"""A message to publish on RabbitMQ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from shared.contracts.topology import EVENTS
from shared.ports.bus import Outgoing

CONTENT_TYPE = "application/cloudevents+json"


@dataclass(frozen=True)
class Publication:
    """A message to publish, and its exchange. key: routing key."""

    exchange: str
    key: str
    id: str
    body: bytes
    headers: Mapping[str, str | int]
    mandatory: bool = True

    @property
    def what(self) -> str:
        """The operation, for the sentences of faults."""
        return f"publish to {self.exchange}"


def of_event(event: Outgoing) -> Publication:
    """The publication of an event to the exchange of all events."""
    headers = _selected_by(event.type, event.id.partition("/")[0], event.region)
    return Publication(EVENTS, event.type, event.id, event.body, headers, mandatory=event.mandatory)


@lru_cache(maxsize=4096)
def _selected_by(type: str, subject: str, region: str) -> Mapping[str, str]:
    """The headers by which `innovation.selected` chooses: for types, kinds of subject and regions of which there are
    few."""
    return {"type": type, "subject": subject, "region": region, "province": region[:2]}
