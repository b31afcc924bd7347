"""The continuation of an innovation, as it is stored with it, and what events say of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from services.registry.continuation.actor import Actors
from services.registry.continuation.follow_up import FollowUp, Question
from services.registry.continuation.origin import InnovationOrigin
from services.registry.continuation.rights import Right, expiries
from services.registry.continuation.stage import Move
from services.registry.continuation.sustainability import Sustainability, staffed_until
from services.registry.evidence.attachment import Attachment
from shared.contracts.continuation import ContinuationState, Use
from shared.storage.models import replaced


class UseState(BaseModel):
    """use since when; by: an account id, empty: by the calendar; reason: why it rests or has ended."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    use: Use
    since: datetime
    by: str = ""
    reason: str | None = None


class Continuation(BaseModel):
    """moves: between stages, the last one is where it is; use: None before it is followed up; question: the open one;
    questions_counted: how many were ever planned; follow_ups: settled ones, oldest first; rights_counted: how many
    expiries were ever recorded; staffing_counted: how many days were ever recorded after which nobody of the team is
    left."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    moves: tuple[Move, ...] = ()
    origin: InnovationOrigin | None = None
    use: UseState | None = None
    question: Question | None = None
    questions_counted: int = 0
    follow_ups: tuple[FollowUp, ...] = ()
    actors: Actors = ()
    sustainability: Sustainability | None = None
    rights: tuple[Right, ...] = ()
    rights_counted: int = 0
    staffing_counted: int = 0

    def public(self) -> ContinuationState | None:
        """What events say; None while nothing of it is recorded."""
        if not (self.moves or self.origin or self.use or self.question or self.rights_counted or self.staffing_counted):
            return None
        at = self.moves[-1] if self.moves else None
        last = self.follow_ups[-1] if self.follow_ups else None
        lapsed = last if last and last.lapsed_on else None
        return ContinuationState(
            pipeline=at.pipeline if at else None,
            stage=at.stage if at else None,
            stage_since=at.at if at else None,
            origin=self.origin.kind if self.origin else None,
            use=self.use.use if self.use else None,
            use_since=self.use.since if self.use else None,
            follow_up=self.question.number if self.question else 0,
            follow_up_on=self.question.asked_on if self.question else None,
            follow_up_until=self.question.until if self.question else None,
            lapsed=lapsed.number if lapsed else 0,
            lapsed_on=lapsed.lapsed_on if lapsed else None,
            rights=expiries(self.rights),
            staffed_until=staffed_until(self.sustainability),
            staffing=self.staffing_counted,
        )

    @property
    def ended(self) -> bool:
        """Whether it was said to have ended."""
        return self.use is not None and self.use.use is Use.STOPPED

    @property
    def files(self) -> Iterator[Attachment]:
        """Every file that it refers to."""
        if self.question is not None:
            yield from self.question.files
        for each in self.follow_ups:
            yield from each.files


def fostered_by(known: Continuation, former: str, agency: str) -> Continuation:
    """The continuation of an innovation that moves from one agency to another: the new one fosters what the former one
    fostered."""
    if known.origin is None or known.origin.fostering_agency != former:
        return known
    return replaced(known, origin=replaced(known.origin, fostering_agency=agency))


EMPTY = Continuation()
"""Of an innovation of which nothing is recorded."""
