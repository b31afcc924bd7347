"""Limits how often one client may fail within a while, in the memory of this process."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from services.portal.pages.language import _
from shared.clock import machine_seconds
from shared.faults import QuotaSpent

_MOST = 10_000  # clients that are remembered
_NETWORK = 64  # bits: an IPv6 client has at least so many addresses of its own


class Limiter:
    """most: counted within `window` seconds; time: monotonic seconds."""

    def __init__(self, most: int, window: float, time: Callable[[], float] = machine_seconds) -> None:
        self._most = most
        self._window = window
        self._time = time
        self._counted: OrderedDict[str, deque[float]] = OrderedDict()

    def require(self, client: str) -> None:
        """Raises QuotaSpent when the client has used up what it may."""
        times = self._recent(client)
        if len(times) >= self._most:
            wait = int(times[0] + self._window - self._time()) + 1
            raise QuotaSpent(_("Terlalu banyak percobaan dari jaringan ini."), retry_after=max(1, wait))

    def count(self, client: str) -> None:
        """Once more."""
        times = self._recent(client)
        times.append(self._time())
        key = _key(client)
        self._counted[key] = times
        self._counted.move_to_end(key)
        if len(self._counted) > _MOST:
            self._counted.popitem(last=False)

    def _recent(self, client: str) -> deque[float]:
        times = self._counted.get(_key(client), deque())
        while times and self._time() - times[0] >= self._window:
            times.popleft()
        return times


def _key(client: str) -> str:
    try:
        address = ip_address(client)
    except ValueError:
        return client
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(int(address) >> (128 - _NETWORK))
    return str(address)
