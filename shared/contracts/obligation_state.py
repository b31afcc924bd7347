"""The public state of an obligation, as every event about one carries it."""

from __future__ import annotations

from datetime import date, datetime

from shared.contracts.contract import Payload
from shared.contracts.words import ObligationStatus


class ObligationState(Payload):
    """One agency's duty for one year. counted: the ids of the innovations that count, sorted; waiting: why it is open
    although something was handed in (`verification`); on_time: for a fulfilled one, by the moment of the first
    submission; ground: of an exemption (`decree`, `retired`, `not_obliged`)."""

    agency: str
    region: str
    year: int
    status: ObligationStatus
    minimum: int
    deadline: date
    deadline_revision: int
    counted: tuple[str, ...] = ()
    waiting: str | None = None
    on_time: bool | None = None
    fulfilled_at: datetime | None = None
    ground: str | None = None
