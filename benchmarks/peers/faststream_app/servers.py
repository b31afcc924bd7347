"""Broker, exchange and database of one service."""

from __future__ import annotations

import os
from typing import Any

from faststream.rabbit import Channel, ExchangeType, QueueType, RabbitBroker, RabbitExchange, RabbitQueue
from motor.motor_asyncio import AsyncIOMotorClient

from benchmarks.peers.model import EXCHANGE, SUBMITTED

PREFETCH = 32
broker = RabbitBroker(os.environ["PEER_AMQP_URL"], default_channel=Channel(prefetch_count=PREFETCH))
events = RabbitExchange(EXCHANGE, type=ExchangeType.TOPIC, durable=True)
innovations = RabbitQueue("scoring.innovations", queue_type=QueueType.QUORUM, durable=True, routing_key=SUBMITTED)


def database(service: str) -> Any:  # noqa: ANN401 - motor has no types
    """The service's database."""
    return AsyncIOMotorClient(os.environ["PEER_MONGODB_URL"])[f"{os.environ['PEER_DATABASE']}_{service}"]
