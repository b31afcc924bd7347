"""An innovation's continuation as the registry answers it to its agency and its region."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from services.portal.answered.answered import Answered
from services.portal.answered.evidence import File
from shared.contracts.continuation import OriginKind, RightsKind, Use
from shared.contracts.vocabulary import InnovationStatus


class Move(Answered):
    """A move to a stage. at: since when it is there."""

    pipeline: str
    stage: str
    note: str | None = None
    at: datetime


class UseState(Answered):
    """Whether it is in use, and since when."""

    use: Use
    since: datetime
    reason: str | None = None


class Question(Answered):
    """The open question."""

    number: int
    asked_on: date
    until: date
    files: tuple[File, ...] = ()


class Figure(Answered):
    """A figure of use."""

    label: str
    value: Decimal
    unit: str | None = None


class Reply(Answered):
    """An answer of the agency."""

    use: Use
    reason: str | None = None
    figures: tuple[Figure, ...] = ()
    note: str | None = None


class FollowUp(Answered):
    """A question that is settled; lapsed_on: nobody had answered by then."""

    number: int
    asked_on: date
    answer: Reply | None = None
    answered_at: datetime | None = None
    lapsed_on: date | None = None
    files: tuple[File, ...] = ()


class Remarked(Answered):
    """What somebody should look at. words: in Bahasa Indonesia."""

    concern: str
    since: date | None = None
    words: str


class Replicated(Answered):
    """Another region's innovation. region: its code; innovation: its id, if it is registered here."""

    region_name: str
    name: str
    region: str | None = None
    innovation: str | None = None


class InnovationOrigin(Answered):
    """Where it comes from. idea: the public idea that it came of; decision, decided_on, reason: about a training
    project."""

    kind: OriginKind
    fostering_agency: str | None = None
    idea: str | None = None
    training: str | None = None
    decision: str | None = None
    decided_on: date | None = None
    reason: str | None = None
    replicated: Replicated | None = None


class Actor(Answered):
    """An organisation behind it."""

    kind: str
    name: str
    part: str | None = None


class Paper(Answered):
    """A decree or an SOP."""

    number: str
    dated: date


class Member(Answered):
    """A person of the team. leaves_on: the first day without the person."""

    name: str
    part: str | None = None
    leaves_on: date | None = None


class Sustainability(Answered):
    """What it needs to survive a rotation of staff."""

    team: tuple[Member, ...] = ()
    decree: Paper | None = None
    sop: Paper | None = None
    financing: str | None = None
    successor: str | None = None


class Right(Answered):
    """Intellectual property. protected_until: the last day of its protection, None: not known."""

    kind: RightsKind
    number: str
    dated: date
    holder: str
    published_on: date | None = None
    author_died_on: date | None = None
    expires_on: date | None = None
    protected_until: date | None = None


class Continuation(Answered):
    """Everything of one innovation. sequence: the innovation's version; stuck_since: longer at its stage than the
    region's patience."""

    sequence: int
    id: str
    region: str
    agency: str
    status: InnovationStatus
    stage: Move | None = None
    stuck_since: datetime | None = None
    moves: tuple[Move, ...] = ()
    origin: InnovationOrigin | None = None
    use: UseState | None = None
    question: Question | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    actors: tuple[Actor, ...] = ()
    sustainability: Sustainability | None = None
    rights: tuple[Right, ...] = ()
    concerns: tuple[Remarked, ...] = ()
