"""The channels of a process: which one reaches an address, and its health."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.sending.channel import Channel, KeepReceipts
from services.notifications.sending.drivers.simulator import SimulatorChannel, is_simulated
from services.notifications.sending.health import ChannelHealth
from shared.ports.store import Store


class Channels:
    """The configured channels by name, and the simulator for the addresses that belong to nobody, whose health is its
    own: nothing that it does may stop a real channel."""

    def __init__(self, store: Store, configured: Mapping[ChannelName, Channel], keep: KeepReceipts) -> None:
        self._configured = dict(configured)
        self._simulators = {name: SimulatorChannel(name, keep) for name in ChannelName}
        self._health = {name: ChannelHealth(store, name.value) for name in ChannelName}
        self._simulated = {name: ChannelHealth(store, f"simulator-{name.value}") for name in ChannelName}

    @property
    def names(self) -> tuple[ChannelName, ...]:
        """Of the configured channels."""
        return tuple(self._configured)

    @property
    def all(self) -> Iterable[Channel]:
        """The configured channels."""
        return self._configured.values()

    def reaching(self, name: ChannelName, address: str) -> tuple[Channel, ChannelHealth] | None:
        """The channel that reaches this address, and its health; None when it is not configured."""
        if is_simulated(address):
            return self._simulators[name], self._simulated[name]
        channel = self._configured.get(name)
        return None if channel is None else (channel, self._health[name])

    def health(self, name: ChannelName, driver: str = "") -> ChannelHealth:
        """The health of a channel. driver: of the attempt that it is about."""
        return self._simulated[name] if driver == SimulatorChannel.driver else self._health[name]

    @property
    def healths(self) -> Iterable[ChannelHealth]:
        """Of the configured channels."""
        return [self._health[name] for name in self._configured]

    async def refresh(self) -> None:
        """Read what other replicas have found out."""
        for health in (*self.healths, *self._simulated.values()):
            await health.refresh()

    async def resume(self) -> None:
        """Use all of them again, after a restart."""
        for health in (*self._health.values(), *self._simulated.values()):
            await health.resume()

    async def close(self) -> None:
        """Close the connections."""
        for channel in self._configured.values():
            await channel.close()
