"""What events say of an innovation's way from idea to continued use: stage, origin, use, next question, rights.

No names: of a team, a mentor, a holder of rights. They stay in the registry.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from shared.contracts.contract import Payload


class OriginKind(StrEnum):
    """Where an innovation comes from."""

    OWN = "own"
    COMMUNITY = "community"
    TRAINING = "training"
    REPLICATION = "replication"


class Use(StrEnum):
    """Whether an innovation is in use. LIVE: it is; DORMANT: it rests, or nobody has answered the last question;
    STOPPED: it has ended."""

    LIVE = "live"
    DORMANT = "dormant"
    STOPPED = "stopped"


class RightsKind(StrEnum):
    """Kinds of intellectual property by how long they last (UU 28/2014; `docs/continuation.md`)."""

    WORK = "ciptaan"
    PROGRAM = "program_komputer"
    PHOTOGRAPH = "fotografi"
    DATABASE = "basis_data"
    WORK_OF_A_BODY = "ciptaan_badan_hukum"
    PATENT = "paten"
    TRADEMARK = "merek"
    DESIGN = "desain_industri"
    OTHER = "lainnya"


class RightExpiry(Payload):
    """A right that ends. number: counts the expiries ever recorded for the innovation, so that another day is another
    number; expires_on: the last day of protection."""

    number: int = Field(ge=1)
    kind: RightsKind
    expires_on: date


class ContinuationState(Payload):
    """pipeline, stage, stage_since: where it is on one of the region's ways of development, by slug, and since when;
    use, use_since: whether it is in use; follow_up: the number of the next question whether it is still in use, 0: none
    is planned; follow_up_on: the local day on which it is asked; follow_up_until: the last day to answer it; lapsed:
    the number of the last question if nobody has answered it, 0: somebody has, or none is over; lapsed_on: the local
    day on which that was noted; rights: those that end on a known day; staffed_until: the first local day on which
    nobody of those who are named works on it any more; staffing: counts the days of that kind ever recorded, so that
    another day is another number, 0: none was."""

    pipeline: str | None = None
    stage: str | None = None
    stage_since: datetime | None = None
    origin: OriginKind | None = None
    use: Use | None = None
    use_since: datetime | None = None
    follow_up: int = Field(default=0, ge=0)
    follow_up_on: date | None = None
    follow_up_until: date | None = None
    lapsed: int = Field(default=0, ge=0)
    lapsed_on: date | None = None
    rights: tuple[RightExpiry, ...] = ()
    staffed_until: date | None = None
    staffing: int = Field(default=0, ge=0)
