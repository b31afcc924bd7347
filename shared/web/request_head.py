"""What the parser lets pass in the head of a request, and this server refuses."""

from __future__ import annotations

from collections.abc import Iterable


class Malformed(Exception):
    """Raised to the parser, which ends the connection's requests with it."""


def check_head(version: str, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether the client waits for leave to send the body (`Expect: 100-continue`). headers: names in lower case.
    Raises Malformed for another version than HTTP/1, without exactly one Host (RFC 9112 §3.2; HTTP/1.0 needs none), for
    a transfer coding other than chunks, and for any in HTTP/1.0 (§6.1)."""
    hosts, codings, expects_continue = 0, b"", False
    for name, value in headers:
        if name == b"host":
            hosts += 1
        elif name == b"transfer-encoding":
            codings += value.lower() + b","
        elif name == b"expect":
            expects_continue = value.lower() == b"100-continue"
    if version == "1.1":
        readable = hosts == 1 and codings in {b"", b"chunked,"}
    else:
        readable = version == "1.0" and hosts <= 1 and not codings
    if not readable:
        raise Malformed
    return expects_continue
