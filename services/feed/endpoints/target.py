"""The URL of an endpoint, taken apart once, strictly: what is checked is what is sent to. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import urlsplit

MOST_URL = 2_000  # characters
USUAL_PORTS = (443, 8443)

_DEFAULT_PORTS = {"https": 443, "http": 80}
_VISIBLE = re.compile(r"[\x21-\x7e]+")
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?")  # RFC 1035 §2.3.4: a resolver refuses longer ones
_MOST_HOST = 253
_LAST_PORT = 65535


class UnusableUrl(ValueError):
    """The URL cannot be one of an endpoint. The message is a sentence in Bahasa Indonesia, without the URL."""


@dataclass(frozen=True)
class Target:
    """scheme: `https` or `http`; host: a name, or an address without brackets; path: with the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_plain(self) -> bool:
        """Whether it is anything else than `https` on a usual port."""
        return self.scheme != "https" or self.port not in USUAL_PORTS

    @property
    def authority(self) -> str:
        """The value of the `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str) -> Target:
    """Raises UnusableUrl."""
    if len(url) > MOST_URL or not _VISIBLE.fullmatch(url) or "\\" in url:
        raise UnusableUrl(f"harus alamat http(s) tanpa spasi, paling banyak {MOST_URL} karakter ASCII")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UnusableUrl("bukan alamat web yang dapat dibaca") from None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise UnusableUrl("harus berawalan https://")
    if "@" in parts.netloc:
        raise UnusableUrl("tidak boleh memuat nama pengguna atau kata sandi")
    if parts.fragment or url.endswith("#"):
        raise UnusableUrl("tidak boleh memuat tanda #")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if "[" in parts.netloc and ":" not in parts.hostname:
        raise UnusableUrl("nama hosnya tidak dapat dibaca")
    return Target(parts.scheme, _host(parts.hostname), _port(port, parts.scheme), path)


def host_of(url: str) -> str:
    """The host of a URL that was accepted once, for logs and lists; empty for none."""
    return urlsplit(url).hostname or ""


def _host(host: str) -> str:
    if ":" in host:
        try:
            return str(IPv6Address(host))
        except ValueError:
            raise UnusableUrl("bukan alamat web yang dapat dibaca") from None
    if len(host) > _MOST_HOST or not _HOST.fullmatch(host):
        raise UnusableUrl("nama hosnya tidak dapat dibaca")
    return host


def _port(port: int | None, scheme: str) -> int:
    if port is None:
        return _DEFAULT_PORTS[scheme]
    if not 0 < port <= _LAST_PORT:
        raise UnusableUrl("porta di dalamnya tidak dapat dipakai")
    return port
