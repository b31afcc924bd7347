"""Listens to what relays publish."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shared.ports.bus import Bus, Fate, Outgoing


def on_published(bus: Bus, keep: Callable[[Outgoing], None]) -> None:
    """Call `keep` with every event that a relay publishes on this bus, once it is confirmed."""
    publish = bus.publish_many

    async def recorded(events: Sequence[Outgoing]) -> list[Fate]:
        fates = await publish(events)
        for event, fate in zip(events, fates, strict=True):
            if fate is None:
                keep(event)
        return fates

    bus.publish_many = recorded  # type: ignore[method-assign]
