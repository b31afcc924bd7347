"""The curator's decisions on a submission: verify it with a level by row, or return it with comments."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.registry.evidence.evidence import ROWS, Row, VerifiedLevel
from services.registry.fields import Remark
from services.registry.innovation.history import Action
from services.registry.innovation.innovation import Innovation, SubmittedContent, event_of
from shared.contracts.contract import Origin
from shared.contracts.event import Draft
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Flaw, Invalid

Place = Annotated[str, StringConstraints(pattern=f"^(profile|{'|'.join(ROWS)})$")]
"""A row's number, or `profile`."""


class Verification(BaseModel):
    """rows: the curator's level by row; rows that are left out keep the level that they have, if any."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: dict[Row, VerifiedLevel] = Field(default_factory=dict, max_length=len(ROWS))


class Return(Verification):
    """comments: what to correct, by row or `profile`; rows: levels of rows that are already proven."""

    comments: dict[Place, Remark] = Field(min_length=1, max_length=len(ROWS) + 1)


def verify(innovation: Innovation, decision: Verification, by: str, origin: Origin) -> tuple[Innovation, Draft]:
    """Verify; a second time completes or corrects the levels. Claimed levels are not changed. Raises Conflict for
    another status, Invalid for rows without evidence."""
    innovation.require(InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED)
    update = {
        "status": InnovationStatus.VERIFIED,
        "verified_levels": _levels(innovation, decision),
        "verified_at": innovation.verified_at or origin.time,
    }
    after = innovation.model_copy(update=update).noted(Action.VERIFIED, by, origin)
    return after, event_of(after, origin)


def send_back(innovation: Innovation, decision: Return, by: str, origin: Origin) -> tuple[Innovation, Draft]:
    """Return with comments that only the region sees; profile and evidence can be edited again. A verified innovation
    can be returned too, when a mistake is found later. Raises Conflict for another status, Invalid for rows without
    evidence."""
    innovation.require(InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED)
    update = {
        "status": InnovationStatus.RETURNED,
        "verified_levels": _levels(innovation, decision),
        "verified_at": None,
        "withdrawal": None,
        "comments": dict(decision.comments),
        "handed_in": SubmittedContent(profile=innovation.profile, evidence=innovation.evidence),
    }
    after = innovation.model_copy(update=update).noted(Action.RETURNED, by, origin)
    return after, event_of(after, origin)


def _levels(innovation: Innovation, decision: Verification) -> dict[str, int]:
    empty = [row for row in decision.rows if row not in innovation.evidence]
    if empty:
        why = "indikator ini tidak memuat data pendukung"
        raise Invalid([Flaw(f"rows.{row}", "no-evidence", why) for row in empty])
    return {**innovation.verified_levels, **decision.rows}
