"""What the parser lets pass in the head of a request, and this server refuses."""

from __future__ import annotations

from collections.abc import Iterable

_VERSIONS = frozenset({"1.0", "1.1"})


class Malformed(Exception):
    """Raised to the parser, which ends the connection's requests with it."""


def check_head(version: str, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether the client waits for leave to send the body (`Expect: 100-continue`). headers: names in lower case.
    Raises Malformed for another version than HTTP/1, without exactly one Host (RFC 9112 §3.2; HTTP/1.0 needs none), and
    for a transfer coding other than chunks."""
    hosts, codings, expects_continue = 0, b"", False
    for name, value in headers:
        if name == b"host":
            hosts += 1
        elif name == b"transfer-encoding":
            codings += value.lower() + b","
        elif name == b"expect":
            expects_continue = value.lower() == b"100-continue"
    if version not in _VERSIONS or hosts > 1 or (not hosts and version == "1.1") or codings not in (b"", b"chunked,"):
        raise Malformed
    return expects_continue
