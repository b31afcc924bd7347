"""A ranking of verified innovations."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.portal.model.views.innovation import InnovationView
from shared.contracts.vocabulary import AgencyKind, Form, Nature


class Direction(StrEnum):
    """How a place moved since the ranking was frozen last."""

    NEW = "new"
    UP = "up"
    DOWN = "down"
    SAME = "same"


@dataclass(frozen=True)
class Movement:
    """before: the rank in the last freeze, None when it was not there; steps: how far it moved, never negative."""

    direction: Direction
    before: int | None = None
    steps: int = 0


@dataclass(frozen=True)
class RankingQuery:
    """Verified innovations of a duty year; None: any. region: None: of all regions; kind: of the agency."""

    year: int
    region: str | None = None
    form: Form | None = None
    nature: Nature | None = None
    main_affair: str | None = None
    kind: AgencyKind | None = None


@dataclass(frozen=True)
class Ranked:
    """rank: from 1; those equal in all that is compared share it, and the next is left out (1-2-2-4); shared: it is
    that of the one listed before; movement: None when there is no freeze to compare with."""

    rank: int
    shared: bool
    innovation: InnovationView
    movement: Movement | None = None
