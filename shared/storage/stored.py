"""The base model of documents that are created by an HTTP request, and what tells a repeat of that request. No I/O, so
that pure modules may import it."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict


@dataclass(frozen=True)
class Fingerprint:
    """What tells a repeat from another request under the same id: two SHA-256 in hex of its body.

    sent: of what the client sent, so that a repeat is recognised although a later release has added a field with a
    default; this one is stored. whole: with all defaults, as release 0.1.0 stored it.
    """

    sent: str
    whole: str

    def matches(self, stored: str | None) -> bool:
        """Whether the request of the stored fingerprint had the same body."""
        return stored in {self.sent, self.whole}


class Stored(BaseModel):
    """A document that remembers which request created it.

    created_by_body: `Fingerprint.sent` of that request's body. A later request with the same id whose fingerprint
    matches is a repeat; any other is a conflict.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    created_by_body: str
