"""The one-time codes in links. A code is derived of the portal's private key, so that the store has its digest only and
a mail that waits can be written again after a crash."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

_LONGEST = 200  # characters


@dataclass(frozen=True)
class Code:
    """`<id>.<secret>`. id: of the document that the code opens."""

    id: str
    secret: str

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """None for a text that is no code."""
        id, dot, secret = text.rpartition(".")
        if len(text) > _LONGEST or not text.isascii() or not (id and dot and secret):
            return None
        return cls(id, secret)

    def __str__(self) -> str:
        return f"{self.id}.{self.secret}"

    def fits(self, digest: str) -> bool:
        """Whether it is the code of this digest. An empty digest: of no code."""
        return bool(digest) and hmac.compare_digest(digest_of(self.secret), digest)


class Codes:
    """Makes codes. key: 32 secret bytes."""

    def __init__(self, key: Callable[[], bytes]) -> None:
        self._key = key

    def code(self, purpose: str, id: str, turn: int) -> Code:
        """The code of a document in one turn: another one each time a link is sent again. Raises Misconfigured."""
        mac = hmac.new(self._key(), f"{purpose}/{id}/{turn}".encode(), sha256).digest()
        return Code(id, base64.urlsafe_b64encode(mac).rstrip(b"=").decode())


def digest_of(secret: str) -> str:
    """What the store keeps of a code: it has 256 bits, so that a plain digest is enough."""
    return sha256(secret.encode()).hexdigest()
