"""The bodies of the answers about continuation, for the innovation's agency and its region."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.registry.continuation.actor import Actor, ActorKind, kinds_of
from services.registry.continuation.attention import Remarked, concerns
from services.registry.continuation.continuation import UseState
from services.registry.continuation.continuing import Circumstances
from services.registry.continuation.follow_up import FollowUp, Question
from services.registry.continuation.origin import InnovationOrigin
from services.registry.continuation.rights import Right
from services.registry.continuation.rules import ContinuationRules, RulesTerms
from services.registry.continuation.stage import Move, stuck_since
from services.registry.continuation.sustainability import Sustainability
from services.registry.innovation.innovation import Innovation
from services.registry.innovation.views import VersionedAnswer
from shared.contracts.vocabulary import InnovationStatus
from shared.storage.repository import Versioned


class RightAnswer(Right):
    """A right. protected_until: the last day of its protection, None: not known."""

    protected_until: date | None


class ContinuationAnswer(VersionedAnswer):
    """Everything of one innovation. sequence: the innovation's version. stage: the last of `moves`; stuck_since: from
    when on it is at its stage for longer than the region's patience; actor_kinds: distinct ones (row 22 counts them);
    concerns: what to look at today."""

    id: str
    region: str
    agency: str
    status: InnovationStatus
    stage: Move | None
    stuck_since: datetime | None
    moves: tuple[Move, ...]
    origin: InnovationOrigin | None
    use: UseState | None
    question: Question | None
    follow_ups: tuple[FollowUp, ...]
    actors: tuple[Actor, ...]
    actor_kinds: tuple[ActorKind, ...]
    sustainability: Sustainability | None
    rights: tuple[RightAnswer, ...]
    concerns: tuple[Remarked, ...]

    @classmethod
    def of(cls, versioned: Versioned[Innovation], at: Circumstances) -> Self:
        """The view at that time."""
        it = versioned.value
        known, now = it.continuation, at.origin.time
        stage = known.moves[-1] if known.moves else None
        goes_on = stage if stage and not known.ended else None
        return cls(
            sequence=versioned.sequence,
            id=it.id,
            region=it.region,
            agency=it.agency,
            status=it.status,
            stage=stage,
            stuck_since=stuck_since(*goes_on.place, goes_on.at, at.rules, now) if goes_on else None,
            moves=known.moves,
            origin=known.origin,
            use=known.use,
            question=known.question,
            follow_ups=known.follow_ups,
            actors=known.actors,
            actor_kinds=kinds_of(known.actors),
            sustainability=known.sustainability,
            rights=tuple(RightAnswer(**each.model_dump(), protected_until=each.ends_on) for each in known.rights),
            concerns=concerns(it, at.rules, at.now),
        )


class Attention(BaseModel):
    """An innovation that somebody must look at. name: of its profile."""

    model_config = ConfigDict(frozen=True)

    innovation: str
    agency: str
    year: int
    name: str | None
    status: InnovationStatus
    concerns: tuple[Remarked, ...]


class AttentionList(BaseModel):
    """A page. A page may be empty although there is a next one."""

    items: list[Attention]
    next: str | None


class RulesAnswer(RulesTerms):
    """A region's rules. sequence: their version, 0 for the built-in ones; by: the account that changed them last."""

    sequence: int
    by: str

    @classmethod
    def of(cls, rules: ContinuationRules, sequence: int) -> Self:
        """The view for the region."""
        return cls(**rules.model_dump(), sequence=sequence)
