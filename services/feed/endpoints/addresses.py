"""Which network addresses a webhook may be sent to. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291 §2.4: all that is handed out
_LAST_32_BITS = 0xFFFF_FFFF
_RELAYS = IPv4Network("192.88.99.0/24")  # RFC 7526: relays of 6to4, given up


def networks_of(text: str) -> tuple[Network, ...]:
    """The networks in a setting, separated by commas."""
    return tuple(ip_network(each.strip()) for each in text.split(",") if each.strip())


def unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for: IPv4-mapped, NAT64 or 6to4; any other as it is."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4Address(int(address) & _LAST_32_BITS)
    return address.sixtofour or address


def is_public(address: Address) -> bool:
    """Whether a host of the public internet may have it."""
    plain = unwrapped(address)
    if not plain.is_global or plain.is_multicast or plain.is_reserved:
        return False
    return plain in _GLOBAL_UNICAST if isinstance(plain, IPv6Address) else plain not in _RELAYS


def is_within(address: Address, networks: Iterable[Network]) -> bool:
    """Whether it lies in one of the networks that the operator allows."""
    plain = unwrapped(address)
    return any(plain.version == each.version and plain in each for each in networks)


def all_allowed(addresses: Sequence[str], networks: Sequence[Network], *, plain: bool) -> bool:
    """Whether every address of a host may be sent to. networks: those that the operator allows; plain: the URL is not
    `https` on one of the usual ports, which is allowed there only. Without any address: no."""
    found = [ip_address(each) for each in addresses]
    return bool(found) and all(is_within(each, networks) or (not plain and is_public(each)) for each in found)
