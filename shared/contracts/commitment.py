"""`commitment.signed`: the innovations that the head of an agency has promised for a year."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from shared.contracts.contract import Contract, Payload


class PromiseOutcome(StrEnum):
    """What became of a promised innovation. OPEN: nothing yet; TAKEN_UP: an innovation is named for it; DROPPED: it was
    given up, with a reason."""

    OPEN = "open"
    TAKEN_UP = "taken_up"
    DROPPED = "dropped"


class Promised(Payload):
    """A promised innovation. name: as in the signed paper; innovation: the id of the one that came of it."""

    name: str
    outcome: PromiseOutcome = PromiseOutcome.OPEN
    innovation: str | None = None


class CommitmentSigned(Payload):
    """A signed Perjanjian Inovasi, new or changed. number, dated: of the paper; revoked: it was recorded by mistake or
    is no longer in force, and counts nowhere."""

    region: str
    agency: str
    year: int = Field(ge=2000, le=2100)
    number: str
    dated: date
    promised: tuple[Promised, ...] = ()
    revoked: bool = False


COMMITMENT_SIGNED = Contract(
    type="commitment.signed",
    subject="commitment",
    source="registry",
    payload=CommitmentSigned,
    means="The head of an agency has promised innovations for a year, and what became of them.",
)
