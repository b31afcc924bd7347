"""A message to a person about an agency, without the person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.message import Reason


@dataclass(frozen=True)
class SentMessage:
    """person: opaque; number: counts that person's messages; reasons: those that are about the agency; channel: of the
    last attempt; sent: the provider accepted it, False: it failed, and is not tried again; settled_at: when; code: of a
    failure, a stable slug or the provider's code; sequence: the message's version."""

    person: str
    number: int
    region: str
    agency: str
    reasons: tuple[Reason, ...]
    channel: str
    attempts: int
    possibly_repeated: bool
    sent: bool
    settled_at: datetime
    code: str | None
    sequence: int
