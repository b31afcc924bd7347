"""A multipart body with one file, written while the file arrives (RFC 7578)."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

_ESCAPED = {'"': "%22", "\r": "%0D", "\n": "%0A"}  # in names, by HTML (multipart/form-data encoding algorithm)


@dataclass(frozen=True)
class Multipart:
    """name: of the file; chunks: its bytes; kind: its media type."""

    name: str
    chunks: AsyncIterator[bytes]
    kind: str = "application/octet-stream"
    boundary: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def media_type(self) -> str:
        """Of the whole body."""
        return f"multipart/form-data; boundary={self.boundary}"

    async def body(self) -> AsyncIterator[bytes]:
        """The bytes of the whole body."""
        name = self.name
        for sign, escaped in _ESCAPED.items():
            name = name.replace(sign, escaped)
        yield (
            f'--{self.boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            f"Content-Type: {self.kind}\r\n\r\n"
        ).encode()
        async for chunk in self.chunks:
            yield chunk
        yield f"\r\n--{self.boundary}--\r\n".encode()
