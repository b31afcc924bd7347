"""The composition root of the feed."""

from __future__ import annotations

from fastapi import APIRouter

from shared.contracts.event import Event
from shared.ports.bus import Delivery
from shared.runtime.service import Resources, Service

NAME = "feed"


def compose(resources: Resources) -> Service:  # noqa: ARG001 - it keeps nothing yet
    """The service."""
    return Service(name=NAME, kinds=(), router=APIRouter(), raw_handlers={"latest": _pass_over})


async def _pass_over(event: Event, delivery: Delivery) -> None:
    """Nothing is kept yet."""
