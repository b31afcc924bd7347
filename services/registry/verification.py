"""The curator's decisions on what was handed in: verified, row by row beside the claim, or returned with comments."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.registry.evidence import ROWS, Row, VerifiedLevel
from services.registry.fields import Remark
from services.registry.history import Action
from services.registry.innovation import HandedIn, Innovation, owed
from shared.contracts.contract import Origin
from shared.contracts.event import Draft
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Flaw, Invalid

Place = Annotated[str, StringConstraints(pattern=r"^(profile|1[6-9]|2[0-9]|3[0-5])$")]
"""A row, or `profile`."""


class Verification(BaseModel):
    """rows: the curator's level by row; a row that is left out keeps what it has (nothing, if nobody has looked)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: dict[Row, VerifiedLevel] = Field(default_factory=dict, max_length=len(ROWS))


class Return(Verification):
    """comments: what is to be mended, by row or `profile`; rows: levels of what already holds."""

    comments: dict[Place, Remark] = Field(min_length=1, max_length=len(ROWS) + 1)


def verify(innovation: Innovation, said: Verification, by: str, origin: Origin) -> tuple[Innovation, Draft]:
    """Verified; a second time completes or corrects the levels. Claimed levels stay as they are. Raises Conflict, and
    Invalid for rows without evidence."""
    innovation.require(InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED)
    update = {
        "status": InnovationStatus.VERIFIED,
        "verified_levels": _levels(innovation, said),
        "verified_at": innovation.verified_at or origin.time,
    }
    after = innovation.model_copy(update=update).noted(Action.VERIFIED, by, origin)
    return after, owed(after, origin)


def send_back(innovation: Innovation, said: Return, by: str, origin: Origin) -> tuple[Innovation, Draft]:
    """Returned, with comments that only the region sees; open for edits again. A verified one can be returned when a
    fault is found later. Raises Conflict, and Invalid for rows without evidence."""
    innovation.require(InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED)
    update = {
        "status": InnovationStatus.RETURNED,
        "verified_levels": _levels(innovation, said),
        "verified_at": None,
        "comments": dict(said.comments),
        "handed_in": HandedIn(profile=innovation.profile, evidence=innovation.evidence),
    }
    after = innovation.model_copy(update=update).noted(Action.RETURNED, by, origin)
    return after, owed(after, origin)


def _levels(innovation: Innovation, said: Verification) -> dict[str, int]:
    empty = [row for row in said.rows if row not in innovation.evidence]
    if empty:
        why = "indikator ini tidak memuat data pendukung"
        raise Invalid([Flaw(f"rows.{row}", "no-evidence", why) for row in empty])
    return {**innovation.verified_levels, **said.rows}
