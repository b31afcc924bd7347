"""A message to publish on RabbitMQ."""

from __future__ import annotations

from dataclasses import dataclass

CONTENT_TYPE = "application/cloudevents+json"


@dataclass(frozen=True)
class Publication:
    """A message to publish, and its exchange. key: routing key."""

    exchange: str
    key: str
    id: str
    body: bytes
    headers: dict[str, str | int]
    mandatory: bool = True

    @property
    def what(self) -> str:
        """The operation, for the sentences of faults."""
        return f"publish to {self.exchange}"
